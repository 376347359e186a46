-- Organisations that ask for an account, to send cases in. Names, address and note are personal: a job deletes
-- a request 30 days after its decision, or when the call has been over for 30 days.

create table join_request (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    organisation_name text not null,
    person_name text not null,
    email text not null,
    note text not null default '',
    lang text not null check (lang in ('ko', 'en')),
    created_at timestamptz not null default now(),
    decision text check (decision in ('approved', 'declined')),
    decided_at timestamptz,
    check ((decision is null) = (decided_at is null))
);

-- Whoever asks twice before the decision has asked once.
create unique index join_request_open on join_request (edition_id, email) where decided_at is null;
