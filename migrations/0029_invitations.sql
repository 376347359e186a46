-- Open invitations can be sent again and cancelled, so each has an id of its own, and the language of its mail.

alter table invitation add column id uuid not null default gen_random_uuid();
alter table invitation add constraint invitation_id unique (id);
alter table invitation add column lang text not null default 'ko' check (lang in ('ko', 'en'));
create index invitation_by_edition on invitation (edition_id);
