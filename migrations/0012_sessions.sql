-- A printed code asks whether it is in use elsewhere, and each one would read all sessions.
create index voter_session_of_voter on voter_session (poll_id, voter_key);
