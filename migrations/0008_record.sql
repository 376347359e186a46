-- The public record of an edition: an append-only log of ASCII lines under an RFC 6962 Merkle tree.

create table record (
    edition_id uuid primary key references edition on delete cascade,
    -- The name of the log and of its key, e.g. vote.example/record/daejeon-2024.
    origin text not null,
    -- The sealed rulebook, byte for byte as its hash stands in the first line.
    rulebook bytea not null,
    sealed_at timestamptz not null default now(),
    -- The entries in the tree, and the compact range over them (domain::record::Frontier).
    size bigint not null default 0,
    frontier bytea not null default '',
    -- One process at a time appends; another takes over when the lease has run out.
    holder uuid,
    lease_until timestamptz,
    -- The last checkpoint that was signed. The next one extends it.
    signed_size bigint not null default 0,
    signed_root bytea,
    checkpoint text,
    erased_at timestamptz,
    constraint signed_is_stored check (signed_size <= size)
);

-- Lines on their way into the record, written in the transaction of what they tell about. Rank
-- keeps their order inside a batch: 0 rulebook, 1 open, 2 ballot, 3 hold and ruling, 4 close,
-- 5 sheet, 6 result, 7 erase.
create table waiting (
    edition_id uuid not null,
    rank smallint not null,
    -- A ballot's line names it; the others have none.
    ballot_id uuid,
    line text not null,
    waits_since timestamptz not null default clock_timestamp()
);

create table entry (
    edition_id uuid not null references edition on delete cascade,
    index bigint not null,
    ballot_id uuid,
    line text not null,
    primary key (edition_id, index)
);

create unique index entry_of_ballot on entry (edition_id, ballot_id) where ballot_id is not null;

-- Hash tiles (C2SP tlog-tiles, height 8); the last one of each level grows.
create table tile (
    edition_id uuid not null references edition on delete cascade,
    level smallint not null,
    index bigint not null,
    hashes bytea not null,
    primary key (edition_id, level, index)
);
