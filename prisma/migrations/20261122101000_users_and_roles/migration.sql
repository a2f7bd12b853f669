-- Accounts, and the roles they may have.

CREATE TYPE user_role AS ENUM ('Admin', 'PI', 'Researcher', 'Analyst', 'Viewer');
CREATE TYPE user_state AS ENUM ('invited', 'active', 'disabled');

CREATE TABLE users (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL,
  display_name text NOT NULL,
  password_hash text,
  state user_state NOT NULL DEFAULT 'invited',
  email_verified_at timestamptz(6),
  password_changed_at timestamptz(6),
  token_version integer NOT NULL DEFAULT 0,
  totp_secret_encrypted bytea,
  totp_last_step bigint,
  mfa_enabled_at timestamptz(6),
  recovery_code_hashes text[] NOT NULL DEFAULT '{}',
  failed_login_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz(6),
  last_login_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT users_pkey PRIMARY KEY (id),
  -- One spelling per address, so that two accounts can never share a mailbox.
  CONSTRAINT users_email_format CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND email = lower(email)),
  CONSTRAINT users_email_length CHECK (char_length(email) <= 254),
  CONSTRAINT users_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 200),
  -- A hash in the PHC string format names its algorithm; a password does not get in by mistake.
  CONSTRAINT users_password_hash_format CHECK (
    password_hash ~ '^\$[a-z0-9-]{1,32}\$.+$' AND char_length(password_hash) BETWEEN 20 AND 1000
  ),
  CONSTRAINT users_token_version_not_negative CHECK (token_version >= 0),
  CONSTRAINT users_totp_last_step_not_negative CHECK (totp_last_step >= 0),
  CONSTRAINT users_mfa_has_secret CHECK (mfa_enabled_at IS NULL OR totp_secret_encrypted IS NOT NULL),
  CONSTRAINT users_recovery_codes_need_mfa CHECK (
    cardinality(recovery_code_hashes) <= 20 AND (cardinality(recovery_code_hashes) = 0 OR mfa_enabled_at IS NOT NULL)
  ),
  CONSTRAINT users_failed_login_count_not_negative CHECK (failed_login_count >= 0),
  CONSTRAINT users_invited_has_no_login CHECK (state <> 'invited' OR last_login_at IS NULL)
);

CREATE UNIQUE INDEX users_email_key ON users (email);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE roles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name user_role NOT NULL,
  description text NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT roles_pkey PRIMARY KEY (id),
  CONSTRAINT roles_description_length CHECK (char_length(description) BETWEEN 1 AND 1000)
);

CREATE UNIQUE INDEX roles_name_key ON roles (name);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON roles
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

INSERT INTO roles (name, description) VALUES
  ('Admin', 'Runs the platform: accounts, workspaces, plugins, models and settings'),
  ('PI', 'Leads a workspace: its members, its sites, and everything that its researchers may do'),
  ('Researcher', 'Scans, schedules, annotates and reports in a workspace'),
  ('Analyst', 'Judges findings, annotates and reports; starts no schedules'),
  ('Viewer', 'Reads scans, findings and reports');

CREATE TABLE user_roles (
  user_id uuid NOT NULL,
  role_id uuid NOT NULL,
  granted_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id),
  CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  -- A role that somebody has cannot vanish.
  CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
    ON DELETE RESTRICT ON UPDATE NO ACTION,
  CONSTRAINT user_roles_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION
);

CREATE INDEX user_roles_role_id_idx ON user_roles (role_id);
CREATE INDEX user_roles_granted_by_idx ON user_roles (granted_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON user_roles
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
