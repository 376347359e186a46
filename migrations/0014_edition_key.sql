-- Which key file belongs to an edition: HMAC under it, which tells nothing of it. With another key every
-- voter would have a new pseudonym and could vote again. Editions from before are bound at the next start.
alter table edition add column key_fingerprint bytea;
