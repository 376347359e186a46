-- Which browser asked for a code, as an HMAC of its number: if the answer is lost, or the button is pressed twice,
-- the same browser gets the code that was sent.
alter table challenge add column asker_hash bytea;
create index challenge_by_asker on challenge (asker_hash) where asker_hash is not null;
