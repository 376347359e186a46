-- Joint cases (협약), recommendations, consents, and who has a draft open.

alter table cases
    -- The agreement behind a joint case: its title, its day, and the document that is it.
    add column agreement_title text not null default '',
    add column agreement_on date,
    add column agreement_file uuid references case_file on delete set null,
    -- The organisation or office that recommended it.
    add column recommended_by uuid references organisation on delete set null;

alter table case_version
    add column agreement_title text not null default '',
    add column agreement_on date,
    add column agreement_file uuid;

-- An organisation that is named as a partner of a case. It is shown once it has confirmed.
create table case_partner (
    case_id uuid not null references cases on delete cascade,
    organisation_id uuid not null references organisation on delete cascade,
    state text not null check (state in ('asked', 'confirmed', 'declined')),
    asked_by uuid references account on delete set null,
    asked_at timestamptz not null default now(),
    answered_by uuid references account on delete set null,
    answered_at timestamptz,
    primary key (case_id, organisation_id),
    check ((state = 'asked') = (answered_at is null))
);

create index case_partner_by_organisation on case_partner (organisation_id);

-- An organisation recommends another one, which may begin a case by it, or a person, for a commendation. Name and address of
-- a person are personal: they go when the person declines, and on the erase day of the edition.
create table recommendation (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    recommended_by uuid not null references organisation on delete cascade,
    -- The recommended organisation, or null for a person.
    organisation_id uuid references organisation on delete cascade,
    person_name text,
    person_email text,
    -- What it is about, and why.
    subject text not null,
    reason text not null,
    state text not null default 'asked' check (state in ('asked', 'accepted', 'declined')),
    -- SHA-256 of the secret in a person's link.
    token_hash bytea unique,
    asked_by uuid references account on delete set null,
    asked_at timestamptz not null default now(),
    answered_at timestamptz,
    -- The case that was begun by it.
    case_id uuid references cases on delete set null,
    check ((state = 'asked') = (answered_at is null)),
    check (organisation_id is null or person_name is null)
);

create index recommendation_by_edition on recommendation (edition_id);

-- Who has a draft open. A row is of use for two minutes, and is removed after an hour by whoever opens a draft next.
create table draft_reader (
    case_id uuid not null references cases on delete cascade,
    account_id uuid not null references account on delete cascade,
    seen_at timestamptz not null default now(),
    primary key (case_id, account_id)
);
