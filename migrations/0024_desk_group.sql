-- The groups as the desk of the fraud checks shows them. While a poll is open, ballots are counted in
-- steps of five (`COUNT_STEP`), so that nobody sees whether the next ballot was stored. Ballots without
-- a verification are counted exactly: no voter can have cast them.
create view desk_group as
select
    fraud_group.id,
    fraud_group.poll_id,
    poll.edition_id,
    fraud_group.key,
    fraud_group.held,
    fraud_group.points,
    fraud_group.terms,
    fraud_group.found_at,
    step.size = 1 as exact,
    fraud_group.ballots / step.size * step.size as ballots,
    own.waiting,
    own.excluded,
    own.restored,
    own.appeals,
    exists (
        select from fraud_ruling
        where fraud_ruling.group_id = fraud_group.id
            and fraud_ruling.confirmed_by is null and not fraud_ruling.withdrawn
    ) as proposed,
    -- The list that it stands in; none while it is too small.
    case
        when not fraud_group.held then
            case when fraud_group.ballots >= step.size then 'cleared' end
        when own.waiting > 0 then 'waiting'
        when own.excluded + own.restored + own.appeals > 0 then 'ruled'
    end as list
from fraud_group
join poll on poll.id = fraud_group.poll_id
cross join lateral (
    select
        case
            when poll.closed_at is null and fraud_group.key not like 'unverified%' then 5::bigint
            else 1
        end
) as step (size)
cross join lateral (
    select
        count(*) filter (where held_ballot.ruling_id is null) / step.size * step.size as waiting,
        count(*) filter (where fraud_ruling.verdict = 'exclude') / step.size * step.size
            as excluded,
        count(*) filter (where fraud_ruling.verdict = 'count') / step.size * step.size as restored,
        count(*) filter (where appeal.id is not null and appeal.answer is null) as appeals
    from held_ballot
    left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
    left join appeal
        on appeal.poll_id = held_ballot.poll_id and appeal.ballot_id = held_ballot.ballot_id
    where held_ballot.group_id = fraud_group.id
) as own;
