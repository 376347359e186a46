-- A request for an account counts once its link has been used: until then anybody may have typed the
-- address. Requests of before were shown to administrators already.
alter table join_request add column token_hash bytea unique;
alter table join_request add column confirmed_at timestamptz;
update join_request set confirmed_at = created_at;

drop index join_request_open;
-- Whoever confirms twice before the decision has asked once.
create unique index join_request_open on join_request (edition_id, email)
    where confirmed_at is not null and decided_at is null;
alter table join_request add check (decided_at is null or confirmed_at is not null);
