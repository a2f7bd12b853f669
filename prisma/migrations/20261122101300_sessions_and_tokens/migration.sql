-- Sessions that a refresh token keeps alive, and tokens that work once.

CREATE TYPE token_kind AS ENUM (
  'access', 'refresh', 'mfa_pending', 'invitation', 'password_reset', 'email_verification', 'websocket_ticket'
);
CREATE TYPE session_end_reason AS ENUM (
  'logout', 'expired', 'reuse_detected', 'password_changed', 'mfa_changed', 'user_disabled', 'ended_by_user',
  'ended_by_admin'
);

CREATE TABLE refresh_sessions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  token_hash text NOT NULL,
  -- The token before the newest; when it comes back, somebody copied it.
  previous_token_hash text,
  rotation integer NOT NULL DEFAULT 0,
  ip text,
  user_agent text,
  last_used_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(6) NOT NULL,
  ended_at timestamptz(6),
  end_reason session_end_reason,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT refresh_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT refresh_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT refresh_sessions_token_hash_format CHECK (
    token_hash ~ '^[0-9a-f]{64}$' AND previous_token_hash ~ '^[0-9a-f]{64}$'
  ),
  CONSTRAINT refresh_sessions_rotation_not_negative CHECK (rotation >= 0),
  CONSTRAINT refresh_sessions_client_lengths CHECK (char_length(ip) <= 64 AND char_length(user_agent) <= 1024),
  CONSTRAINT refresh_sessions_expires_after_creation CHECK (expires_at > created_at),
  CONSTRAINT refresh_sessions_ended_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);

CREATE UNIQUE INDEX refresh_sessions_token_hash_key ON refresh_sessions (token_hash);
CREATE UNIQUE INDEX refresh_sessions_previous_token_hash_key ON refresh_sessions (previous_token_hash);
CREATE INDEX refresh_sessions_user_id_idx ON refresh_sessions (user_id);
-- Sessions to remove by age.
CREATE INDEX refresh_sessions_expires_at_idx ON refresh_sessions (expires_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON refresh_sessions
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE user_tokens (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  kind token_kind NOT NULL,
  token_hash text NOT NULL,
  expires_at timestamptz(6) NOT NULL,
  used_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT user_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT user_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT user_tokens_kind_works_once CHECK (kind IN ('invitation', 'password_reset', 'email_verification')),
  CONSTRAINT user_tokens_token_hash_format CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT user_tokens_expires_after_creation CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX user_tokens_token_hash_key ON user_tokens (token_hash);
CREATE INDEX user_tokens_user_id_idx ON user_tokens (user_id);
CREATE INDEX user_tokens_expires_at_idx ON user_tokens (expires_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON user_tokens
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
