-- What observers have signed of a result, one word for each link: the last that was sent. Public, as
-- long as it is about the result that stands; it goes with the edition.
create table observed (
    link_id uuid primary key references observer_link on delete cascade,
    -- The observer's own key, <name>+<id>+<base64>. Whose it is, nobody here has checked.
    key text not null check (octet_length(key) <= 256),
    -- The signed note over the statement (domain::record::observed).
    note text not null check (octet_length(note) <= 2048),
    signed_at timestamptz not null default now()
);
