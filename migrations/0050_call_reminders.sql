-- Reminders of drafts before a call closes: each of the three once for an organisation and a close. A close that is moved
-- has its own.
create table call_reminder (
    edition_id uuid not null references edition on delete cascade,
    organisation_id uuid not null references organisation on delete cascade,
    kind text not null check (kind in ('week', 'day', 'hours')),
    closes timestamptz not null,
    sent_at timestamptz not null default clock_timestamp(),
    primary key (edition_id, organisation_id, kind, closes)
);
