-- An appeal has its day and a number of its text, no instant: with the log of a second code it would name the
-- voter.
alter table appeal add column revision integer not null default 1;
update appeal set sent_at = date_trunc('day', sent_at, 'UTC');
alter table appeal alter column sent_at set default date_trunc('day', now(), 'UTC');

-- Editions that were removed: their keys are destroyed again if a backup brings them back.
create table removed_edition (
    edition_id uuid primary key,
    removed_at timestamptz not null default now()
);

-- The polls whose waiting lines may be let out now. Voters are counted among the lines of ballots, so that
-- many lines about held ballots stop nothing.
create or replace view releasable_poll as
select poll.id as poll_id, poll.edition_id
from poll
join record on record.edition_id = poll.edition_id
cross join lateral (
    select
        count(distinct split_part(first.line, ' ', 4)) as voters,
        min(first.waits_since) as oldest
    from (
        select waiting.line, waiting.waits_since
        from waiting
        where waiting.edition_id = poll.edition_id
            and waiting.poll_id = poll.id
            and waiting.ballot_id is not null
        order by waiting.number
        -- A fixed number: with one from a column the planner sorts all waiting lines. A voter who changes
        -- a vote thousands of times while hardly anybody else votes holds lines back until the close.
        limit 5000
    ) as first
) as held
where exists (
        select from waiting
        where waiting.edition_id = poll.edition_id and waiting.poll_id = poll.id
    )
    and (
        poll.closed_at is not null
        or record.release_ballots = 1
        or held.voters >= record.release_ballots
        or (
            held.voters >= record.release_fewest
            and held.oldest <= clock_timestamp() - make_interval(mins => record.release_minutes)
        )
    );
