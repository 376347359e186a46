-- Which results were told by mail. The row is written in the transaction that queues all mails of a result, so no
-- server and no restart sends them twice.

create table result_mailing (
    edition_id uuid not null references edition on delete cascade,
    -- The result that was told. A rehearsal whose clock goes back may decide anew.
    sha256 bytea not null,
    queued_at timestamptz not null default now(),
    mails integer not null,
    constraint result_mailing_once primary key (edition_id, sha256)
);

-- Nobody is told of results that were released before this program could tell.
insert into result_mailing (edition_id, sha256, mails)
select result.edition_id, result.sha256, 0
from result
join edition on edition.id = result.edition_id
where edition.released_at <= now() + make_interval(secs => edition.clock_offset_seconds);
