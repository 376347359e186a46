-- Fraud checks: what is noted with each ballot, which ballots are held, what two people decide, and
-- what voters answer.

-- What a verification tells, beside the pseudonym that it has proven: JSON with keyed hashes and
-- seconds (`ProofSignals`).
alter table voter_session add column proof bytea;

-- Whether ballots of the poll are stored with a trace. Polls that opened before have none.
alter table poll add column traced boolean not null default false;
-- When the detector last looked at all ballots of the closed poll.
alter table poll add column analysed_at timestamptz;
-- How long the steps took everybody, noted with that look (`Pace`): most traces are deleted afterwards.
alter table poll add column pace jsonb;

-- How a ballot came in, in JSON: what its session's verification told, and what its request told. It
-- has no picks, no contact and no address. It is deleted when appeals are over.
create table ballot_trace (
    number bigint generated always as identity primary key,
    poll_id uuid not null references poll on delete cascade,
    ballot_id uuid not null,
    -- By the real clock. The ballot's own instant is coarsened after the close.
    cast_at timestamptz not null,
    proof bytea,
    request bytea not null
);
-- Traces come in the order of time, so ranges of pages are enough to find the last hour.
create index ballot_trace_times on ballot_trace using brin (cast_at);

-- Ballots that look alike in at least two ways, and those that looked alike and were left alone.
create table fraud_group (
    id uuid primary key,
    poll_id uuid not null references poll on delete cascade,
    -- The detector's name for it, the same in each analysis.
    key text not null,
    held boolean not null,
    points bigint not null,
    -- The evidence, term by term, as JSON.
    terms jsonb not null,
    ballots bigint not null,
    found_at timestamptz not null default now(),
    constraint fraud_group_key unique (poll_id, key)
);

-- A ballot that is held, or was. It stays here, whatever is decided.
create table held_ballot (
    poll_id uuid not null references poll on delete cascade,
    ballot_id uuid not null,
    group_id uuid not null references fraud_group on delete cascade,
    held_at timestamptz not null default clock_timestamp(),
    -- The reasons as in the record, and the evidence, whose SHA-256 is there, too. It begins with a
    -- random number, so that nobody finds out by trying what it says.
    reasons text not null,
    evidence text not null,
    -- Whether the hold line is queued. It waits for the ballot's own line.
    in_record boolean not null default false,
    -- The decision that applies; none while it waits.
    ruling_id uuid,
    -- The decision whose line is queued.
    recorded_ruling_id uuid,
    primary key (poll_id, ballot_id)
);
create index held_ballot_of_group on held_ballot (group_id);

-- What one person proposes about a group, and another confirms.
create table fraud_ruling (
    id uuid primary key,
    group_id uuid not null references fraud_group on delete cascade,
    -- The ballot if it is about one alone.
    ballot_id uuid,
    verdict text not null check (verdict in ('count', 'exclude')),
    reason text not null,
    note text not null default '',
    -- Accounts without a reference, as in `result`: the operator at the machine has none.
    proposed_by uuid not null,
    proposed_at timestamptz not null default clock_timestamp(),
    -- Keyed hash of the browser: two accounts on one browser are pointed out.
    proposed_on bytea not null,
    confirmed_by uuid,
    confirmed_at timestamptz,
    -- When it was confirmed by the edition's clock. From then on voters can appeal for a day.
    decided_at timestamptz,
    -- The ballots that it is about: those that were held when the proposer last opened the evidence.
    held_until timestamptz not null,
    -- Whether somebody has taken the proposal back, or proposed something else.
    withdrawn boolean not null default false,
    constraint two_people check (confirmed_by is null or confirmed_by <> proposed_by)
);
create unique index one_open_proposal on fraud_ruling (group_id, ballot_id) nulls not distinct
where confirmed_by is null and not withdrawn;

alter table held_ballot
    add constraint held_ballot_ruling foreign key (ruling_id) references fraud_ruling;

-- Who has opened the evidence of a group.
create table fraud_view (
    group_id uuid not null references fraud_group on delete cascade,
    account_id uuid not null,
    opened_at timestamptz not null default clock_timestamp(),
    primary key (group_id, account_id)
);

-- What a voter writes about a held or excluded ballot, and the answer.
create table appeal (
    id uuid primary key,
    poll_id uuid not null references poll on delete cascade,
    ballot_id uuid not null,
    message text not null,
    sent_at timestamptz not null default now(),
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    constraint one_appeal unique (poll_id, ballot_id)
);

-- How much an announced result hangs on ballots that were ever held (`RankCheck`).
create table fraud_rank_check (
    edition_id uuid primary key references edition on delete cascade,
    changes jsonb not null
);

-- Ballots that do not count: held without a decision, or excluded by the last one.
create view set_aside as
select held_ballot.poll_id, held_ballot.ballot_id
from held_ballot
left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
where fraud_ruling.verdict is distinct from 'count';
