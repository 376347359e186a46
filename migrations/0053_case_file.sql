-- Documents of cases. Their bytes are in the file store (a folder or S3), each object under a random key.

-- Written before its object is, so that no object is forgotten when a server ends in between. An object that nothing
-- below refers to is deleted after an hour.
create table stored_object (
    key uuid primary key,
    made_at timestamptz not null default now()
);

create table case_file (
    id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    object uuid not null references stored_object,
    name text not null,
    kind text not null check (kind in ('pdf', 'hwp', 'hwpx', 'docx', 'xlsx', 'pptx')),
    length bigint not null check (length > 0),
    digest bytea not null check (octet_length(digest) = 32),
    -- What it says, with what looks like personal data masked: JSON as text, because JSONB takes no NUL.
    masked_text text not null,
    -- What looks like personal data in it: JSON as text.
    found text not null,
    -- Whether some of it could not be looked through: a scanned page among others, or pages beyond the first hundreds.
    unread boolean not null,
    -- What visitors get once the case is public: the file, its masked text, or nothing.
    shown_as text not null check (shown_as in ('file', 'text', 'nothing')),
    scan text not null check (scan in ('none', 'waiting', 'clean', 'infected')),
    added_by uuid references account on delete set null,
    added_at timestamptz not null default now(),
    -- The same file, sent twice, is one.
    constraint file_of_case unique (case_id, digest)
);

create index case_file_by_object on case_file (object);
create index case_file_waiting on case_file (added_at) where scan = 'waiting';

-- A file that arrives in pieces. It is complete in the moment in which it becomes a case_file.
create table upload (
    id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    account_id uuid not null references account on delete cascade,
    name text not null,
    length bigint not null check (length > 0),
    received bigint not null default 0 check (received between 0 and length),
    -- A document that was removed takes its upload along, so that the same file can be sent anew.
    file_id uuid references case_file on delete cascade,
    begun_at timestamptz not null default now()
);

create index upload_by_case on upload (case_id);

create table upload_part (
    upload_id uuid not null references upload on delete cascade,
    starts_at bigint not null,
    object uuid not null references stored_object,
    primary key (upload_id, starts_at)
);

create index upload_part_by_object on upload_part (object);
