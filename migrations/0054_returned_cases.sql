-- A case is sent back for a correction until a day, or let in after the close; each sending has a number and a signed time.

alter table cases
    drop constraint cases_state_check,
    drop constraint cases_check1,
    -- Until when its organisation may correct it, by the edition's clock.
    add column returned_until timestamptz,
    -- Sent in for the first time after the close of the call. It stays marked.
    add column late boolean not null default false,
    -- Counts the cases of an edition in the order in which they were first sent in. A case keeps its number.
    add column receipt_number integer,
    -- What the server signed when it was last sent in: a C2SP signed note.
    add column receipt text,
    -- Who decided about it last.
    add column screened_by uuid references account on delete set null,
    -- Why somebody asks for a second look, and who did. It stays through decisions that are undone, until it is sent in anew.
    add column second_look text,
    add column second_look_by uuid references account on delete set null,
    -- Who decided before a second look was asked for.
    add column first_look_by uuid references account on delete set null,
    -- When it was sent back, by the real clock, and whether its organisation has written since.
    add column returned_at timestamptz,
    add column written_since boolean not null default false,
    -- When its organisation asked for one after a rejection: it does so once.
    add column objected_at timestamptz,
    -- A sketch of the story as it was sent in, by which near-doubles are found.
    add column story_sketch bigint[],
    add constraint cases_state_check
        check (state in ('draft', 'submitted', 'returned', 'accepted', 'rejected', 'withdrawn')),
    add constraint case_reason check ((state in ('rejected', 'returned')) = (reason is not null)),
    add constraint case_returned check ((state = 'returned') = (returned_until is not null)),
    add constraint case_receipt_number unique (edition_id, receipt_number);

-- How many cases of an edition have been sent in: the newest receipt number.
create table receipt_count (
    edition_id uuid primary key references edition on delete cascade,
    newest integer not null
);

-- An organisation that may send in one case after the close, by a decision of the staff.
create table late_admission (
    edition_id uuid not null references edition on delete cascade,
    organisation_id uuid not null references organisation on delete cascade,
    -- By the edition's clock.
    until timestamptz not null,
    -- Why, in words for the staff and the trail's readers.
    reason text not null,
    granted_by uuid references account on delete set null,
    granted_at timestamptz not null default now(),
    -- The case that was sent in by it.
    case_id uuid unique references cases on delete set null,
    primary key (edition_id, organisation_id)
);

-- The texts of a case as they once were, for its organisation; the sent ones for the staff, too. They go with the case,
-- and a press on a mask of personal data removes those in which some was found, and masks those that were sent in.
create table case_version (
    case_id uuid not null references cases on delete cascade,
    version integer not null,
    -- When the first of the saves that this one stands for was made, and the last.
    begun_at timestamptz not null,
    saved_at timestamptz not null default now(),
    saved_by uuid references account on delete set null,
    -- Whether it was sent in.
    sent boolean not null default false,
    title text not null,
    title_en text not null,
    summary text not null,
    body text not null,
    film text not null,
    -- No references: a version never keeps a track or a district from being removed.
    track_id uuid not null,
    district_id uuid,
    neighbourhood_id uuid,
    primary key (case_id, version)
);
