-- The address of a film about a case, as its organisation typed it. It is shown as a link if it is one, and never fetched.
alter table cases add column film text not null default '';
