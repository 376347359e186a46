-- A roll: who may vote in a poll whose organiser keeps a list, by the label that the organiser wrote
-- (a household, a seat, a member's number). Labels are personal data: all rows of an edition go on
-- its erase day. Which entry has voted stands nowhere: a ballot carries only the HMAC of the entry's
-- id under a key outside this database.

create table roll_entry (
    id uuid primary key,
    poll_id uuid not null references poll on delete cascade,
    position integer not null,
    label text not null,
    -- HMAC of the printed code. The code in clear is on the paper and nowhere else.
    code_hash bytea,
    issued_at timestamptz,
    voided_at timestamptz,
    constraint roll_label unique (poll_id, label),
    constraint roll_code unique (code_hash)
);

-- Codes in whose place another one was printed, so that they are told apart from wrong ones.
create table roll_void_code (
    code_hash bytea primary key,
    poll_id uuid not null references poll on delete cascade
);

create index roll_entry_by_place on roll_entry (poll_id, position);

-- A voter who is on the way to the OpenID provider and back. Who they are is in none of it.
create table oidc_attempt (
    -- SHA-256 of the state that the provider hands back.
    state_hash bytea primary key,
    poll_id uuid not null references poll on delete cascade,
    -- SHA-256 of the secret in the browser's cookie: what another browser brings back is worth nothing.
    browser_hash bytea not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
