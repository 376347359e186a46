-- Editions that are being set up in steps, or whose settings are being changed. Nothing personal is in it.
create table edition_draft (
    id uuid primary key,
    -- The edition whose settings are changed; null for a new one.
    edition_id uuid unique references edition on delete cascade,
    -- What was typed, by field.
    fields jsonb not null,
    -- Goes up with each save, so that two people never overwrite each other unseen.
    revision integer not null default 1,
    changed_at timestamptz not null default now()
);
