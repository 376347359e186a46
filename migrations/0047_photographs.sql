-- Photographs of the ceremony and of the awarded cases, shown with the result.
create table photograph (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    -- What it shows: the caption, and the text for those who do not see it.
    caption text not null,
    width integer not null,
    height integer not null,
    -- JPEG, turned upright, shrunk and encoded anew.
    bytes bytea not null,
    added_at timestamptz not null default clock_timestamp()
);
create index photograph_of_edition on photograph (edition_id, added_at);
