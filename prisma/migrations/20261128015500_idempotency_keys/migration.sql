-- What became of requests that must not be carried out twice. A row is written in the transaction that does what was asked
-- for, so it is there exactly when that was done; a second request with the same key waits for the first.

CREATE TABLE idempotency_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  key text NOT NULL,
  -- SHA-256 of what was asked for: the same key with something else is a mistake of the client.
  request_hash text NOT NULL,
  -- What was answered; null only inside the transaction that is working on it.
  answer jsonb,
  expires_at timestamptz(6) NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id),
  CONSTRAINT idempotency_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT idempotency_keys_key_length CHECK (char_length(key) BETWEEN 1 AND 255),
  CONSTRAINT idempotency_keys_request_hash_format CHECK (request_hash ~ '^[0-9a-f]{64}$')
);

CREATE UNIQUE INDEX idempotency_keys_workspace_id_key_key ON idempotency_keys (workspace_id, key);
CREATE INDEX idempotency_keys_workspace_id_expires_at_idx ON idempotency_keys (workspace_id, expires_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON idempotency_keys
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON idempotency_keys TO cookie_scanner_workspace
  USING (workspace_id = current_workspace_id()) WITH CHECK (workspace_id = current_workspace_id());

-- The scans of a site in the order in which they were submitted, finished or not.
CREATE INDEX scan_results_workspace_id_domain_queued_at_id_idx
  ON scan_results (workspace_id, domain, queued_at DESC, id DESC);
