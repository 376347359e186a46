-- Lines leave in the order of their numbers: whatever must stand before a ballot was committed before its
-- number was given out, and a poll's close waits until all of its ballots are. One index less to keep for
-- every ballot. Rank still orders a batch.
drop index waiting_in_turn;
alter table waiting drop constraint waiting_pkey, add primary key (edition_id, number);

-- A ballot's number is random: no two editions have the same.
drop index entry_of_ballot;
create unique index entry_of_ballot on entry (ballot_id) where ballot_id is not null;
