-- A code that was replaced after the vote had opened. Whoever holds the roll may have printed it only to learn
-- whether the entry has voted. So a session with it is told nothing: the answer to a ballot is the same in both
-- cases, and there is no receipt.
alter table roll_entry add column replaced_late boolean not null default false;
alter table voter_session add column told_nothing boolean not null default false;
