-- People with a password: members of organisations, judges, administrators. Citizens have none.

create table organisation (
    id uuid primary key,
    name text not null,
    constraint organisation_name unique (name)
);

create table account (
    id uuid primary key,
    email text not null,
    name text not null,
    role text not null check (role in ('administrator', 'judge', 'member')),
    organisation_id uuid references organisation,
    -- argon2id in PHC form.
    password_hash text not null,
    lang text not null default 'ko' check (lang in ('ko', 'en')),
    created_at timestamptz not null default now(),
    constraint account_email unique (email),
    check ((role = 'member') = (organisation_id is not null))
);

-- The cookie holds the id; the table only its SHA-256, so a copy of the database opens no session.
create table session (
    id_hash bytea primary key,
    account_id uuid not null references account on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index session_by_account on session (account_id);

create table invitation (
    token_hash bytea primary key,
    email text not null,
    role text not null check (role in ('administrator', 'judge', 'member')),
    -- The organisation a member will belong to; made when the invitation is accepted.
    organisation_name text,
    -- The edition on whose panel a judge will sit.
    edition_id uuid,
    invited_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    check ((role = 'member') = (organisation_name is not null)),
    check (role <> 'judge' or edition_id is not null)
);

create index invitation_by_email on invitation (email);

create table password_reset (
    token_hash bytea primary key,
    account_id uuid not null references account on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
