-- The zone in which somebody reads times, and the addresses from where a key works (none stands for everywhere).

ALTER TABLE users
  ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
  ADD CONSTRAINT users_time_zone_length CHECK (char_length(time_zone) BETWEEN 1 AND 100);

ALTER TABLE api_keys
  ADD COLUMN caller_networks text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT api_keys_caller_networks_count CHECK (cardinality(caller_networks) <= 50);
