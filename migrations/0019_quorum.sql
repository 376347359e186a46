-- Reasons to announce a result although cases have fewer signed sheets than the quorum.

create table quorum_reason (
    edition_id uuid primary key references edition on delete cascade,
    reason text not null,
    -- The cases and their sheets as the person saw them: [{"case": id, "sheets": number}], by id.
    -- The reason holds for exactly these.
    below jsonb not null,
    -- Accounts without a reference, as in `result`: the operator at the machine has none.
    given_by uuid not null,
    given_at timestamptz not null default clock_timestamp(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    constraint quorum_reason_of_two check (confirmed_by <> given_by),
    constraint quorum_reason_confirmed check ((confirmed_by is null) = (confirmed_at is null))
);
