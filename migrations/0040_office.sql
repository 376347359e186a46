-- Who runs an edition and whom people can ask: on its page of contacts and in its privacy policy.
create table edition_office (
    edition_id uuid primary key references edition on delete cascade,
    department text not null,
    telephone text not null,
    email text not null,
    hours text not null,
    -- The person who answers for personal data (개인정보 보호책임자), and how to reach them.
    privacy_officer text not null,
    privacy_contact text not null,
    -- Who else handles personal data for the organiser: sending of messages, hosting.
    processors text not null,
    -- What the organiser adds to the policy, the help and the terms.
    privacy_more text not null,
    help_more text not null,
    terms_more text not null,
    changed_at timestamptz not null default now()
);

-- What the organiser announces on the pages of an edition.
create table notice (
    id uuid primary key,
    edition_id uuid not null references edition on delete cascade,
    title text not null,
    body text not null,
    published_at timestamptz not null default now()
);
create index notice_of_edition on notice (edition_id, published_at desc);
