-- What organisations send in. The table is `entry` nowhere: `cases`, because `case` is a word of SQL.

create table cases (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    organisation_id uuid not null references organisation,
    track_id uuid not null references track,
    district_id uuid references district,
    neighbourhood_id uuid references neighbourhood,
    title text not null default '',
    title_en text not null default '',
    summary text not null default '',
    body text not null default '',
    -- Invented to fill a demonstration; shown as 표본 / sample wherever it appears.
    sample boolean not null default false,
    state text not null default 'draft'
        check (state in ('draft', 'submitted', 'accepted', 'rejected', 'withdrawn')),
    -- Goes up with each save, so that two editors never overwrite each other unseen.
    version integer not null default 1,
    created_at timestamptz not null default now(),
    saved_at timestamptz not null default now(),
    -- By the edition's clock.
    submitted_at timestamptz,
    screened_at timestamptz,
    -- Why it was rejected, in words for the organisation.
    reason text,
    check (state in ('draft', 'withdrawn') or submitted_at is not null),
    check ((state = 'rejected') = (reason is not null))
);

create index cases_by_edition on cases (edition_id, state);
create index cases_by_organisation on cases (organisation_id);

-- One picture to a case, already decoded, shrunk and written anew, so no camera data is left in it.
create table picture (
    id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    -- What the picture shows, for those who do not see it.
    alt text not null default '',
    media_type text not null check (media_type = 'image/webp' or media_type = 'image/jpeg'),
    width integer not null,
    height integer not null,
    bytes bytea not null,
    added_at timestamptz not null default now(),
    constraint picture_of_case unique (case_id)
);
