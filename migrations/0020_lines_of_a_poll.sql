-- The status of a ballot is asked often, and depends only on the lines about its poll. Without this
-- index each question reads every line that is no ballot's, which grows with judges and cases.
create index entry_of_poll on entry (edition_id, split_part(line, ' ', 2)) where ballot_id is null;
