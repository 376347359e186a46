-- The search of the gallery: each submitted case as the keys of the keyboard that type it, one field a line (title,
-- English title, organisation, summary, story). `domain::search` makes them; null until a case is submitted. The
-- extension is part of PostgreSQL's own packages, and the owner of a database may create it.
create extension if not exists pg_trgm;
alter table cases add column search_keys text;
create index cases_by_search_keys on cases using gin (search_keys gin_trgm_ops);
