-- Judges and their sheets.

create table panel_member (
    edition_id uuid not null references edition on delete cascade,
    judge_id uuid not null references account,
    added_at timestamptz not null default now(),
    primary key (edition_id, judge_id)
);

create table sheet (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    judge_id uuid not null references account,
    case_id uuid not null references cases on delete cascade,
    -- One place for each criterion of the rubric, in its order; null is "not yet".
    scores integer[] not null,
    -- For the organisation, and for the panel.
    comment text not null default '',
    note text not null default '',
    -- Goes up with each save; a save that names an older one is refused.
    version integer not null default 1,
    saved_at timestamptz not null default now(),
    signed_at timestamptz,
    constraint sheet_of_judge unique (judge_id, case_id)
);

create index sheet_by_case on sheet (case_id);

-- A judge who declared a conflict sees the case on no path.
create table recusal (
    judge_id uuid not null references account,
    case_id uuid not null references cases on delete cascade,
    edition_id uuid not null references edition on delete cascade,
    reason text not null,
    declared_at timestamptz not null default now(),
    primary key (judge_id, case_id)
);
