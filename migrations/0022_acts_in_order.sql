-- Two acts of one transaction, such as a judge's account and seat, had the same instant, so that the trail
-- showed them in any order.
alter table audit_event alter column at set default clock_timestamp();
