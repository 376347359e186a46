-- What waits to be sent is sealed: whom a message goes to and what it says. What goes to voters is
-- sealed under their edition's key, which lies outside the database and its backups and is destroyed
-- on the erase day. Without it neither a backup nor a write-ahead log tells whose pseudonym was written
-- in the same transaction.

-- Nothing can be sealed from here. Codes that wait are asked for again.
delete from sms;
delete from mail;

alter table sms
    drop column recipient,
    drop column body,
    add column sealed bytea not null;

alter table mail
    drop column recipient,
    drop column subject,
    drop column body,
    -- Whose key seals it; none for mails to staff, which the installation's key seals.
    add column edition_id uuid references edition on delete cascade,
    -- Emptied as soon as the mail is out.
    add column sealed bytea not null;

create index mail_edition on mail (edition_id) where edition_id is not null;
