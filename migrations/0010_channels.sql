-- What the ways to prove a contact need: a pause between codes, text messages with their budget, and
-- shared machines.

-- Another code goes to the same contact after a minute. The contact is an HMAC, for that minute.
create table contact_rest (
    contact bytea primary key,
    until timestamptz not null
);

-- Text messages on their way. Number and text stand here only while they wait: the row goes when
-- the message is out, or when the code in it is over.
create table sms (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    recipient text not null,
    body text not null,
    -- What was set aside for the next try, in won.
    price bigint not null,
    tries integer not null default 0,
    created_at timestamptz not null default now(),
    next_try_at timestamptz not null default now(),
    -- As long as its code: later it would be paid for in vain.
    expires_at timestamptz not null
);

create index sms_waiting on sms (next_try_at);

-- What text messages have cost in an hour, for all editions, in won; with what is set aside.
create table sms_hour (
    began timestamptz primary key,
    spent bigint not null
);

-- The same for an edition, and what became of its messages. No number of a person is here.
create table sms_account (
    edition_id uuid primary key references edition on delete cascade,
    spent bigint not null,
    sent bigint not null default 0,
    failed bigint not null default 0
);

-- Whether the gateway answers. After some failures in a row it is left alone for a while; then one
-- message tries it.
create table sms_gateway (
    only_row boolean primary key default true check (only_row),
    failures integer not null default 0,
    trips integer not null default 0,
    rests_until timestamptz
);

insert into sms_gateway default values;

-- Shared machines that staff have opened for an edition: at a welfare centre, at the ceremony. A
-- ballot does not say that it came from one.
create table kiosk (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    -- Where it stands, for the staff.
    place text not null,
    -- SHA-256 of the start link's secret, until it is used or a quarter of an hour has passed.
    start_hash bytea unique,
    start_until timestamptz,
    -- SHA-256 of the secret in the machine's cookie.
    device_hash bytea unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
);

create index kiosk_of_edition on kiosk (edition_id, created_at);
