-- What the ways to prove a contact need: a pause between codes, and text messages with their budget.

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
    tries integer not null default 0,
    created_at timestamptz not null default now(),
    next_try_at timestamptz not null default now(),
    -- As long as its code: later it would be paid for in vain.
    expires_at timestamptz not null
);

create index sms_waiting on sms (next_try_at);
