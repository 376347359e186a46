-- How many codes came back from each mail domain of a poll by e-mail, so that whoever decides the awards sees
-- where its voters came from. No address and no voter. It goes on the erase day.
create table contact_share (
    poll_id uuid not null references poll on delete cascade,
    -- The domain as somebody registered it, without what is before it. '' are all domains with few codes
    -- together, from the close of the poll on.
    domain text not null check (octet_length(domain) <= 253),
    codes bigint not null check (codes > 0),
    -- Of these, the codes for addresses with a +tag.
    tagged bigint not null check (tagged between 0 and codes),
    primary key (poll_id, domain)
);

-- Whose code it is, and what is counted about an address (its domain, whether it had a +tag), sealed under the
-- edition's key. A backup of this table beside the log of a mail server would otherwise tell for good which
-- pseudonym was whose. Codes that wait are asked for again.
delete from challenge;
alter table challenge
    drop column voter_key,
    drop column created_at,
    add column sealed bytea not null;
