-- The public record of an edition: an append-only log of ASCII lines under an RFC 6962 Merkle tree.

create table record (
    edition_id uuid primary key references edition on delete cascade,
    -- The name of the log and of its key, e.g. vote.example/record/daejeon-2024.
    origin text not null,
    -- The sealed rulebook, byte for byte as its hash stands in the first line.
    rulebook bytea not null,
    sealed_at timestamptz not null default now(),
    -- The entries in the tree, and the compact range over them (domain::record::tree::Frontier).
    size bigint not null default 0 check (size >= 0),
    frontier bytea not null default '',
    -- One process at a time appends; another takes over when the lease has run out.
    holder uuid,
    lease_until timestamptz,
    -- Why the last try to append or to sign failed; null while all is well.
    halted text,
    -- The last checkpoint that was signed, with the cosignatures that came. The next one extends it.
    signed_size bigint not null default 0,
    signed_root bytea,
    checkpoint text,
    -- When witnesses were asked for the cosignatures that are still missing below it.
    witnesses_asked_at timestamptz,
    erased_at timestamptz,
    constraint signed_is_stored check (signed_size <= size),
    constraint signed_is_whole check ((signed_size = 0) = (signed_root is null or checkpoint is null))
);

-- Lines on their way into the record, written in the transaction of what they tell about. Rank
-- keeps their order inside a batch: 0 rulebook, 1 open, 2 ballot, 3 hold and ruling, 4 close,
-- 5 sheet, 6 result, 7 erase. No foreign key: a poll takes ballots only where there is a record,
-- and every ballot would lock the same row for the check.
create table waiting (
    -- Keeps two ballots of one voter in their order. It becomes no index of the record: a number
    -- that was given out and rolled back leaves a gap, and a lower one may commit later.
    number bigint generated always as identity primary key,
    edition_id uuid not null,
    rank smallint not null check (rank between 0 and 7),
    -- A ballot's line names it; the others have none.
    ballot_id uuid,
    line text not null,
    waits_since timestamptz not null default clock_timestamp()
);

create index waiting_in_turn on waiting (edition_id, rank, number);

create table entry (
    edition_id uuid not null references record on delete cascade,
    index bigint not null check (index >= 0),
    -- Of a ballot's line alone: the record holds each ballot once.
    ballot_id uuid,
    line text not null,
    primary key (edition_id, index)
);

create unique index entry_of_ballot on entry (edition_id, ballot_id) where ballot_id is not null;

-- What is told about the polls, to be found among millions of ballots.
create index entry_of_no_ballot on entry (edition_id, index) where ballot_id is null;

-- Hash tiles (C2SP tlog-tiles, height 8); the last one of each level grows.
create table tile (
    edition_id uuid not null references record on delete cascade,
    level smallint not null check (level between 0 and 7),
    index bigint not null check (index >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (edition_id, level, index)
);

-- Hashes do not compress.
alter table tile alter column hashes set storage external;

-- What is published of a closed poll, as it was written once: after the erase day it cannot be
-- written again. In parts, so that a large file is never in memory as a whole for each reader.
create table published (
    poll_id uuid not null references poll on delete cascade,
    kind text not null check (kind in ('cvr', 'openings')),
    part integer not null check (part >= 0),
    content bytea not null,
    primary key (poll_id, kind, part)
);

-- Links for observers, who may check cast-vote records and openings before everybody may.
create table observer_link (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    -- Whom it was made for, in the administrator's words.
    name text not null,
    -- SHA-256 of the token in the link.
    token_hash bytea not null unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index observer_link_by_edition on observer_link (edition_id, created_at);
