-- Short names of removed editions that had a log. They are never used again: whoever has copied that log
-- would take another one of the same name for a forgery.
create table retired_slug (
    slug text primary key,
    retired_at timestamptz not null default now()
);
