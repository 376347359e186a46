-- What the detector saw at its last look at a poll. The row is locked while a look is stored, so that
-- ballots, which lock their poll, never wait for one.
create table fraud_look (
    poll_id uuid primary key references poll on delete cascade,
    voters bigint not null default 0,
    -- How long the steps took everybody (`Pace`), as of the last step of five voters while the poll is
    -- open.
    pace jsonb
);
insert into fraud_look (poll_id, pace) select id, pace from poll where pace is not null;
alter table poll drop column pace;

-- The polls whose waiting lines may be let out now. Lines about held ballots wait with the ballots: alone
-- they would tell when a ballot of the same group came.
create or replace view releasable_poll as
select poll.id as poll_id, poll.edition_id
from poll
join record on record.edition_id = poll.edition_id
cross join lateral (
    select
        count(*) as lines,
        count(distinct split_part(first.line, ' ', 4)) filter (where first.is_ballot) as voters,
        min(first.waits_since) filter (where first.is_ballot) as oldest
    from (
        select waiting.line, waiting.waits_since, waiting.ballot_id is not null as is_ballot
        from waiting
        where waiting.edition_id = poll.edition_id and waiting.poll_id = poll.id
        order by waiting.number
        -- Enough for any rule, also where one voter changes the vote often. A fixed number: with one
        -- from a column the planner sorts all waiting lines.
        limit 5000
    ) as first
) as held
where held.lines > 0
    and (
        poll.closed_at is not null
        or record.release_ballots = 1
        or held.voters >= record.release_ballots
        or (
            held.voters >= record.release_fewest
            and held.oldest <= clock_timestamp() - make_interval(mins => record.release_minutes)
        )
    );

-- The status of a ballot is asked for by everybody after the close.
create index entry_about_ballot on entry (edition_id, split_part(line, ' ', 3))
where ballot_id is null and split_part(line, ' ', 1) in ('hold/v1', 'ruling/v1');
create index entry_of_close on entry (edition_id, split_part(line, ' ', 2))
where ballot_id is null and line like 'close/v1 %';

-- Whether the voter had voted before. Such ballots are not counted as arrivals.
alter table ballot_trace add column changed boolean not null default false;

-- When a ballot was held tells when it came. Of coarsened polls only the day stays.
update held_ballot set held_at = date_trunc('day', held_at, 'UTC')
from poll
where poll.id = held_ballot.poll_id and poll.coarsened_at is not null;
update fraud_group set found_at = date_trunc('day', found_at, 'UTC')
from poll
where poll.id = fraud_group.poll_id and poll.coarsened_at is not null;
