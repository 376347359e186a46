-- The result, as it was announced.

create table result (
    edition_id uuid primary key references edition on delete cascade,
    -- The published document, byte for byte; its SHA-256 is what is quoted.
    document bytea not null,
    sha256 bytea not null,
    approved_by uuid not null,
    approved_at timestamptz not null default now(),
    -- Minutes of the deliberation, published with the result.
    minutes text not null default ''
);
