-- Accounts of people who have left. A closed account signs in nowhere and gets no mail. A deleted one has no name and no address
-- any more; the row stays, because sheets and the trail refer to it.
alter table account
    add column closed_at timestamptz,
    add column erased_at timestamptz,
    add constraint account_erased check (erased_at is null or closed_at is not null);
