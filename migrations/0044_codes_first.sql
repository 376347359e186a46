-- Mails are claimed in this order: those to voters (with an edition) first.
create index mail_due on mail ((edition_id is null), next_try_at) where sent_at is null;
drop index mail_waiting;
