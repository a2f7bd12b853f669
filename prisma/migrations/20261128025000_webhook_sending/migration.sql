-- What sending needs: the secret before a change, which signs too for a while, and when a failing endpoint is tried again.
ALTER TABLE webhook_endpoints
  ADD COLUMN previous_secret_encrypted bytea,
  ADD COLUMN previous_secret_until timestamptz(6),
  ADD COLUMN retry_after timestamptz(6),
  ADD CONSTRAINT webhook_endpoints_previous_secret_is_whole CHECK (
    num_nonnulls(previous_secret_encrypted, previous_secret_until) IN (0, 2)
  ),
  ADD CONSTRAINT webhook_endpoints_previous_secret_size CHECK (
    octet_length(previous_secret_encrypted) BETWEEN 16 AND 4096
  );
