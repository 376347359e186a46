-- Of the ballots that a closed poll has received, those with a later one of the same voter. Counted
-- once, when the poll closes: the page of the record is read by many.
alter table poll add column replaced bigint;
