-- Keys that people sign in with instead of a password: on their phone, their computer, or a stick.
CREATE TABLE passkeys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  name text NOT NULL,
  -- base64url, as browsers name it.
  credential_id text NOT NULL,
  public_key bytea NOT NULL,
  -- How often it signed; 0 for ever for keys that are copied between devices.
  counter bigint NOT NULL DEFAULT 0,
  transports text[] NOT NULL DEFAULT '{}',
  is_backed_up boolean NOT NULL DEFAULT false,
  -- Of the newest challenge that it answered: none is answered twice, and no older one.
  challenged_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT passkeys_pkey PRIMARY KEY (id),
  CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT passkeys_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
  CONSTRAINT passkeys_credential_id_format CHECK (
    credential_id ~ '^[A-Za-z0-9_-]+$' AND char_length(credential_id) <= 1400
  ),
  CONSTRAINT passkeys_public_key_size CHECK (octet_length(public_key) BETWEEN 16 AND 8192),
  CONSTRAINT passkeys_counter_not_negative CHECK (counter >= 0),
  CONSTRAINT passkeys_transports_count CHECK (cardinality(transports) <= 10)
);

CREATE UNIQUE INDEX passkeys_credential_id_key ON passkeys (credential_id);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON passkeys
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
