-- Why an organisation has left in a case what looks like personal data. Null if nothing was found when it was
-- sent in. What was found is stored nowhere: it is found again wherever it is shown.
alter table cases add column personal_reason text;
