-- Whoever has a held ballot may prove themselves again, by a contact of another kind. Two people see
-- that it was done, and by which kind of contact; the contact itself is nowhere but in the message. No
-- instant stays: with the log of the messages it would name the voter.
create table second_proof (
    poll_id uuid not null references poll on delete cascade,
    ballot_id uuid not null,
    way text not null check (way in ('email', 'mobile')),
    -- Keyed hash of the contact: one contact stands for one ballot.
    contact_hash bytea not null,
    -- Of the code that waits; null once it came back.
    code_hash bytea,
    tries integer not null default 0,
    expires_at timestamptz,
    primary key (poll_id, ballot_id),
    check ((code_hash is null) = (expires_at is null))
);
create unique index one_second_proof on second_proof (poll_id, contact_hash)
where code_hash is null;

create or replace view desk_group as
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
    end as list,
    -- Ballots that were proven again.
    own.proven
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
        count(*) filter (where appeal.id is not null and appeal.answer is null) as appeals,
        count(*) filter (where second_proof.way is not null and second_proof.code_hash is null)
            / step.size * step.size as proven
    from held_ballot
    left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
    left join appeal
        on appeal.poll_id = held_ballot.poll_id and appeal.ballot_id = held_ballot.ballot_id
    left join second_proof
        on second_proof.poll_id = held_ballot.poll_id
        and second_proof.ballot_id = held_ballot.ballot_id
    where held_ballot.group_id = fraud_group.id
) as own;
