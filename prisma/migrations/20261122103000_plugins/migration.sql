-- Plugins: what was installed, what it may do, and where it is in use.

CREATE TYPE plugin_runtime AS ENUM ('rules', 'wasm', 'process');
CREATE TYPE plugin_state AS ENUM ('pending', 'enabled', 'disabled', 'rejected');
CREATE TYPE plugin_permission AS ENUM (
  'read_cookies', 'read_storage', 'read_requests', 'read_pages', 'classify_cookies', 'raise_findings'
);

CREATE TABLE plugins (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  version text NOT NULL,
  runtime plugin_runtime NOT NULL,
  state plugin_state NOT NULL DEFAULT 'pending',
  manifest jsonb NOT NULL,
  source_sha256 text NOT NULL,
  artifact_key text,
  permissions_granted plugin_permission[] NOT NULL DEFAULT '{}',
  installed_by uuid,
  decided_by uuid,
  decided_at timestamptz(6),
  state_reason text,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT plugins_pkey PRIMARY KEY (id),
  CONSTRAINT plugins_installed_by_fkey FOREIGN KEY (installed_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT plugins_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT plugins_name_format CHECK (name ~ '^[a-z0-9]+([-_.][a-z0-9]+)*$' AND char_length(name) <= 100),
  CONSTRAINT plugins_version_format CHECK (version ~ '^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$'),
  CONSTRAINT plugins_manifest_is_small_object CHECK (
    jsonb_typeof(manifest) = 'object' AND octet_length(manifest::text) <= 262144
  ),
  CONSTRAINT plugins_source_sha256_format CHECK (source_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT plugins_artifact_key_length CHECK (char_length(artifact_key) BETWEEN 1 AND 1024),
  CONSTRAINT plugins_pending_has_no_permissions CHECK (
    state IN ('enabled', 'disabled') OR cardinality(permissions_granted) = 0
  ),
  CONSTRAINT plugins_decided_has_time CHECK ((state = 'pending') = (decided_at IS NULL)),
  CONSTRAINT plugins_state_reason_length CHECK (char_length(state_reason) BETWEEN 1 AND 8192)
);

CREATE UNIQUE INDEX plugins_name_version_key ON plugins (name, version);
CREATE INDEX plugins_installed_by_idx ON plugins (installed_by);
CREATE INDEX plugins_decided_by_idx ON plugins (decided_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON plugins
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

-- Where a plugin is in use, with the settings it has there.
CREATE TABLE plugin_workspaces (
  plugin_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  enabled_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT plugin_workspaces_pkey PRIMARY KEY (plugin_id, workspace_id),
  CONSTRAINT plugin_workspaces_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugins (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT plugin_workspaces_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT plugin_workspaces_enabled_by_fkey FOREIGN KEY (enabled_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT plugin_workspaces_settings_is_small_object CHECK (
    jsonb_typeof(settings) = 'object' AND octet_length(settings::text) <= 262144
  )
);

CREATE INDEX plugin_workspaces_workspace_id_idx ON plugin_workspaces (workspace_id);
CREATE INDEX plugin_workspaces_enabled_by_idx ON plugin_workspaces (enabled_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON plugin_workspaces
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
