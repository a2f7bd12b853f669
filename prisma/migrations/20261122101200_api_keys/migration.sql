-- Keys for programs. The secret is shown once and kept as a hash; the prefix names the key in lists and logs.

CREATE TABLE api_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  prefix text NOT NULL,
  key_hash text NOT NULL,
  scopes text[] NOT NULL,
  rate_limit_per_minute integer,
  expires_at timestamptz(6),
  last_used_at timestamptz(6),
  revoked_at timestamptz(6),
  revoked_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  -- A key never has more rights than its owner, so it goes with the owner.
  CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT api_keys_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT api_keys_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT api_keys_prefix_format CHECK (prefix ~ '^[A-Za-z0-9_]{4,32}$'),
  CONSTRAINT api_keys_key_hash_format CHECK (key_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT api_keys_scopes_count CHECK (cardinality(scopes) BETWEEN 1 AND 100),
  CONSTRAINT api_keys_rate_limit_range CHECK (rate_limit_per_minute BETWEEN 1 AND 100000),
  CONSTRAINT api_keys_expires_after_creation CHECK (expires_at > created_at),
  CONSTRAINT api_keys_revoker_means_revoked CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL)
);

CREATE UNIQUE INDEX api_keys_prefix_key ON api_keys (prefix);
CREATE UNIQUE INDEX api_keys_key_hash_key ON api_keys (key_hash);
CREATE INDEX api_keys_user_id_idx ON api_keys (user_id);
CREATE INDEX api_keys_workspace_id_idx ON api_keys (workspace_id);
CREATE INDEX api_keys_revoked_by_idx ON api_keys (revoked_by);
-- Keys that will soon expire, for telling their owners.
CREATE INDEX api_keys_expiring_idx ON api_keys (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
