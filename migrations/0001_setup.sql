-- What every feature leans on: the trail of who did what, the counters that slow attackers down,
-- and the mails that wait to be sent.

-- One row for each act that changed something, written in the same transaction as the act.
-- There is no foreign key to account: the trail outlives the people it names.
create table audit_event (
    id uuid primary key,
    at timestamptz not null default now(),
    edition_id uuid,
    actor_id uuid,
    -- e.g. edition.windows_moved, case.accepted
    action text not null,
    -- What it was done to, as a readable reference.
    subject text not null,
    -- Old and new values; never a choice, a code, a token, an e-mail address or a score.
    detail jsonb not null default '{}'
);

create index audit_event_by_edition on audit_event (edition_id, at desc);

-- Counts of attempts in a window of time, by an HMAC of who tried: sign-ins, codes, resets.
create table attempt (
    key bytea not null,
    window_start timestamptz not null,
    tries integer not null,
    primary key (key, window_start)
);

-- Mails are written in the transaction of what they tell about, and sent by a job afterwards.
-- The text is emptied as soon as the mail is out: it may hold a code or a link.
create table mail (
    id uuid primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null default now(),
    next_try_at timestamptz not null default now(),
    tries integer not null default 0,
    sent_at timestamptz
);

create index mail_waiting on mail (next_try_at) where sent_at is null;

-- Which key file belongs to this database. With another one every voter would have a new pseudonym
-- and could vote again.
create table installation (
    only_one boolean primary key default true check (only_one),
    key_fingerprint bytea not null,
    made_at timestamptz not null default now()
);
