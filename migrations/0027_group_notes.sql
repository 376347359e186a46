-- What administrators write down for each other about a group of ballots, beside rulings. Deleted on the
-- erase day; on no public page.
create table fraud_note (
    id uuid primary key,
    group_id uuid not null references fraud_group on delete cascade,
    -- Without a reference, as in `fraud_ruling`.
    written_by uuid not null,
    written_at timestamptz not null default now(),
    message text not null
);
create index fraud_note_of_group on fraud_note (group_id, written_at);
