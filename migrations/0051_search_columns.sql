-- The keys of a case in two columns: the short fields, one a line (title, English title, organisation, summary), and the
-- story. Short words and words with a wrong key are looked for in the short fields of every case, which no index helps
-- with, and one long column was read from its own storage for each of them. Null until a case is submitted; the server
-- fills both when it starts.
alter table cases
    drop column search_keys,
    add column head_keys text,
    add column story_keys text;
create index cases_by_head_keys on cases using gin (head_keys gin_trgm_ops);
create index cases_by_story_keys on cases using gin (story_keys gin_trgm_ops);
