-- One season of a contest. All instants are UTC; windows are half-open [opens, closes).

create table edition (
    id uuid primary key,
    slug text not null,
    title_ko text not null,
    title_en text not null,
    host_ko text not null,
    host_en text not null,
    call_opens timestamptz not null,
    call_closes timestamptz not null,
    voting_opens timestamptz not null,
    voting_closes timestamptz not null,
    judging_opens timestamptz not null,
    judging_closes timestamptz not null,
    announcement timestamptz not null,
    -- The canonical rulebook: picks, weights, rubric, awards. Read by domain::rulebook.
    rulebook jsonb not null,
    -- A rehearsal may stand at any instant of its season; a real edition never leaves the present.
    rehearsal boolean not null default false,
    clock_offset_seconds bigint not null default 0,
    published_at timestamptz,
    -- The instant from which the result may be seen, by the edition's own clock.
    released_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    constraint edition_slug unique (slug),
    constraint only_a_rehearsal_moves_its_clock check (rehearsal or clock_offset_seconds = 0),
    constraint call_window check (call_opens < call_closes),
    constraint voting_window check (voting_opens < voting_closes),
    constraint judging_window check (judging_opens < judging_closes),
    constraint call_before_voting check (call_closes <= voting_opens),
    constraint judging_not_before_voting check (voting_opens <= judging_opens),
    constraint announcement_last check (announcement >= voting_closes and announcement >= judging_closes)
);

create table track (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    slug text not null,
    name_ko text not null,
    name_en text not null,
    position integer not null,
    constraint track_slug unique (edition_id, slug)
);

create table district (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    slug text not null,
    name_ko text not null,
    name_en text not null,
    position integer not null,
    constraint district_slug unique (edition_id, slug)
);

create table neighbourhood (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    district_id uuid not null references district on delete cascade,
    name text not null,
    position integer not null,
    constraint neighbourhood_name unique (district_id, name)
);
