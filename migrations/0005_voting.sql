-- The public vote. A voter is a pseudonym: an HMAC of the verified contact under a key that is
-- not in this database. No address of a person or a machine is stored beside a ballot.

create table poll (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    -- Its rules stand in the edition's rulebook under this name.
    slug text not null,
    position integer not null,
    -- Which accepted cases stand on its ballot paper: all, those of a track, or those listed in
    -- poll_case.
    paper text not null default 'all' check (paper in ('all', 'track', 'list')),
    track_id uuid references track,
    -- A window of its own; the edition's window of voting where there is none.
    opens timestamptz,
    closes timestamptz,
    -- Whether a later ballot of a voter replaces the earlier one.
    may_change boolean not null default false,
    -- When the record says that it opened and closed, by the edition's clock.
    opened_at timestamptz,
    closed_at timestamptz,
    -- The ballots that stood when it closed.
    received bigint,
    constraint poll_slug unique (edition_id, slug),
    constraint poll_window check (opens < closes),
    constraint poll_track check ((paper = 'track') = (track_id is not null))
);

-- The ballot paper of a poll whose cases are picked one by one.
create table poll_case (
    poll_id uuid not null references poll on delete cascade,
    case_id uuid not null references cases on delete cascade,
    primary key (poll_id, case_id)
);

-- The cases on each ballot paper, however they got there.
create view ballot_paper as
select poll.id as poll_id, cases.id as case_id
from poll
join cases on cases.edition_id = poll.edition_id
where cases.state = 'accepted'
    and case poll.paper
        when 'all' then true
        when 'track' then cases.track_id = poll.track_id
        else exists (
            select from poll_case
            where poll_case.poll_id = poll.id and poll_case.case_id = cases.id
        )
    end;

-- A code that was sent to somebody who wants to vote.
create table challenge (
    id uuid primary key,
    poll_id uuid not null references poll on delete cascade,
    voter_key bytea not null,
    -- HMAC of challenge and code; the code itself is only in the mail.
    code_hash bytea not null,
    -- SHA-256 of the secret in the browser's cookie: a code works only where it was asked for.
    browser_hash bytea not null,
    tries integer not null default 0,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);

create index challenge_by_browser on challenge (browser_hash);

-- A browser that has proven who its voter is may vote for two hours. Its one secret may be good for
-- several polls.
create table voter_session (
    id_hash bytea not null,
    poll_id uuid not null references poll on delete cascade,
    voter_key bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (id_hash, poll_id)
);

-- The primary key is what makes a second ballot impossible, on every path there is. What is picked
-- is sealed under a key outside the database: no query can tell a choice, or count one.
--
-- There is no foreign key to the poll: the one statement that writes here reads the poll under a
-- lock, and looking it up once more for each ballot would cost a third of the time.
create table ballot (
    poll_id uuid not null,
    voter_key bytea not null,
    -- 0, and counting where the rules let a voter change their mind: then the last one counts.
    generation integer not null default 0,
    id uuid not null,
    -- Made before the ballot is posted: the same key again is the same ballot, not a second one.
    idempotency_key uuid not null,
    -- HMAC of the picks under the ballot's own key; stands in the record.
    commitment bytea not null,
    -- The picks, encrypted.
    sealed bytea not null,
    -- By the edition's clock, when the whole request was read.
    admitted_at timestamptz not null,
    primary key (poll_id, voter_key, generation)
);
