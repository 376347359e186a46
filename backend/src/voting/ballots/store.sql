-- Stores those ballots of a batch that are right, and their lines for the record: one statement, one
-- commit. Read by queries.rs beside it.
with asked as (
    select *
    from unnest(
        $1::bytea[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[],
        $7::timestamptz[], $8::bytea[]
    ) as asked (session, poll_id, id, key, commitment, sealed, admitted_at, request)
),
open as (
    select
        poll.id,
        poll.slug,
        poll.may_change,
        poll.edition_id,
        make_interval(secs => edition.clock_offset_seconds) as clock_offset,
        coalesce(poll.opens, edition.voting_opens) as opens,
        -- Whatever of these is null is left out of the comparison.
        least(
            coalesce(poll.closes, edition.voting_closes),
            edition.released_at,
            edition.archived_at
        ) as closes
    from poll
    join edition on edition.id = poll.edition_id
    where poll.id = any ($2::uuid[])
        and poll.opened_at is not null
        and poll.closed_at is null
        and edition.published_at is not null
    order by poll.id
    for share of poll
),
-- In one order in every batch, so that two that hold the same voters wait for each other
-- and never in a circle.
timely as (
    select distinct on (asked.poll_id, voter_session.voter_key)
        asked.*,
        voter_session.voter_key,
        voter_session.proof,
        open.slug,
        open.edition_id,
        case
            when open.may_change then (
                select coalesce(max(before.generation) + 1, 0)
                from ballot as before
                where before.poll_id = asked.poll_id
                    and before.voter_key = voter_session.voter_key
            )
            else 0
        end as generation,
        asked.admitted_at + open.clock_offset as at
    from asked
    join open on open.id = asked.poll_id
    join voter_session
        on voter_session.id_hash = asked.session
        and voter_session.poll_id = asked.poll_id
        and voter_session.expires_at > now()
    where asked.admitted_at > now() - interval '120 seconds'
        and asked.admitted_at + open.clock_offset >= open.opens
        and asked.admitted_at + open.clock_offset < open.closes
        and not (
            open.may_change
            and exists (
                select 1
                from ballot as before
                where before.poll_id = asked.poll_id
                    and before.voter_key = voter_session.voter_key
                    and (
                        before.idempotency_key = asked.key
                        -- The last ballot counts, by the instant at which it was admitted. One that
                        -- was stored late must not replace it.
                        or before.admitted_at > asked.admitted_at + open.clock_offset
                    )
            )
        )
    order by asked.poll_id, voter_session.voter_key, asked.admitted_at desc, asked.id
),
stored as (
    insert into ballot (
        poll_id, voter_key, generation, id, idempotency_key, commitment, sealed,
        admitted_at, cast_by
    )
    select poll_id, voter_key, generation, id, key, commitment, sealed, at, session
    from timely
    on conflict (poll_id, voter_key, generation) do nothing
    returning id, voter_key, commitment, admitted_at
),
-- The voter's other browsers are signed out: whoever sits at one of them proves again who they are.
ended as (
    delete from voter_session
    using stored, timely
    where timely.id = stored.id
        and voter_session.poll_id = timely.poll_id
        and voter_session.voter_key = stored.voter_key
        and voter_session.id_hash <> timely.session
),
-- What the detector looks at. Without an index by ballot, because it is read as a whole.
traced as (
    insert into ballot_trace (poll_id, ballot_id, cast_at, changed, proof, request)
    select
        timely.poll_id, stored.id, timely.admitted_at, timely.generation > 0, timely.proof,
        timely.request
    from stored
    join timely on timely.id = stored.id
),
queued as (
    insert into waiting (edition_id, rank, ballot_id, poll_id, line)
    select
        timely.edition_id,
        2,
        stored.id,
        timely.poll_id,
        'ballot/v1 ' || timely.slug
            || ' ' || encode(uuid_send(stored.id), 'hex')
            || ' ' || encode(stored.voter_key, 'hex')
            || ' ' || encode(stored.commitment, 'hex')
            || ' ' || to_char(stored.admitted_at at time zone 'UTC', 'YYYY-MM-DD')
    from stored
    join timely on timely.id = stored.id
)
select id as "id: BallotId", commitment, admitted_at
from stored
