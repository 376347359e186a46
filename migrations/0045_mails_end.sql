-- Until when a mail still means something; null for as long as it is kept. A code that is over is not sent.
alter table mail add column expires_at timestamptz;
-- When the other side refused it for good. Its text and its address are deleted then.
alter table mail add column refused_at timestamptz;
