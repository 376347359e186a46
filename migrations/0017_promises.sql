-- What the documents promise and the code did not keep.

-- Lines of ballots have another form from here on, and receipts one line more. A record that has ballots in the
-- old form cannot be continued or shown: keep it with the version that made it.
do $$
begin
    if exists (select from ballot) then
        raise exception 'this database holds ballots of an earlier version of Hanpyo, which this version cannot '
            'continue; keep that version for this database, and start this one with an empty database';
    end if;
end
$$;

-- SHA-256 of the session that cast a ballot, until the instants of its poll are coarsened. Only the browser
-- that cast a ballot is shown what it chose. It is on the ballot and not on the session, because a ballot is
-- written anyway, and a session would have to be written a second time.
alter table ballot add column cast_by bytea;
-- The ballot that this browser has cast with an earlier session of the same voter.
alter table voter_session add column ballot_id uuid;

-- When a session began would tell, beside the log of messages, whose it is.
alter table voter_session drop column created_at;

-- When somebody could first read counts: an observer, or an administrator who saw standings. From then
-- on nothing that decides can change any more.
alter table edition add column counts_read_at timestamptz;

-- How the lines of ballots are let out, from the sealed rules: as soon as `release_ballots` voters wait;
-- otherwise once the oldest line has waited `release_minutes` and `release_fewest` voters wait.
alter table record
    add column release_ballots integer not null default 50 check (release_ballots >= 1),
    add column release_minutes integer not null default 60 check (release_minutes >= 0),
    add column release_fewest integer not null default 20
        check (release_fewest between 1 and release_ballots);

-- The poll of a ballot's line; none for other lines.
alter table waiting add column poll_id uuid;
-- There are few of them, and they must be found among many ballots.
create index waiting_of_no_ballot on waiting (edition_id, number) where poll_id is null;

-- When the instants of a poll's ballots were coarsened to the day, by the real clock.
alter table poll add column coarsened_at timestamptz;

-- The polls whose waiting ballots may be let out now. A poll that is closed lets out all of them.
create view releasable_poll as
select poll.id as poll_id, poll.edition_id
from poll
join record on record.edition_id = poll.edition_id
cross join lateral (
    select count(distinct split_part(first.line, ' ', 4)) as voters, min(first.waits_since) as oldest
    from (
        select waiting.line, waiting.waits_since
        from waiting
        where waiting.edition_id = poll.edition_id and waiting.poll_id = poll.id
        order by waiting.number
        -- Enough for any rule, also where one voter changes the vote often. A fixed number: with one
        -- from a column the planner sorts all waiting lines.
        limit 5000
    ) as first
) as held
where held.voters > 0
    and (
        poll.closed_at is not null
        or held.voters >= record.release_ballots
        or (
            held.voters >= record.release_fewest
            and held.oldest <= clock_timestamp() - make_interval(mins => record.release_minutes)
        )
    );

-- What is in the message besides the code: a link that opens the vote in any browser. It lives for a day,
-- because whoever asks for codes in somebody else's name must not shut that person out.
alter table challenge
    add column link_hash bytea unique,
    add column link_expires_at timestamptz not null default now();
-- Budgets that an operator has set while the program runs; null for those of its flags.
create table budget (
    only_row boolean primary key default true check (only_row),
    codes_per_hour bigint check (codes_per_hour >= 0),
    texts_per_hour bigint check (texts_per_hour >= 0),
    texts_per_edition bigint check (texts_per_edition >= 0)
);
insert into budget default values;
