-- Sites that a workspace watches.

CREATE TYPE domain_state AS ENUM ('active', 'paused', 'archived');

CREATE TABLE domain_configs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  domain text NOT NULL,
  state domain_state NOT NULL DEFAULT 'active',
  start_urls text[] NOT NULL DEFAULT '{}',
  default_profile_id uuid,
  labels text[] NOT NULL DEFAULT '{}',
  notes text NOT NULL DEFAULT '',
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT domain_configs_pkey PRIMARY KEY (id),
  CONSTRAINT domain_configs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT domain_configs_default_profile_id_fkey FOREIGN KEY (default_profile_id) REFERENCES scan_profiles (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT domain_configs_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT domain_configs_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND char_length(domain) BETWEEN 1 AND 255
  ),
  CONSTRAINT domain_configs_list_lengths CHECK (cardinality(start_urls) <= 100 AND cardinality(labels) <= 50),
  CONSTRAINT domain_configs_notes_length CHECK (char_length(notes) <= 10000)
);

CREATE UNIQUE INDEX domain_configs_workspace_id_domain_key ON domain_configs (workspace_id, domain);
CREATE INDEX domain_configs_labels_idx ON domain_configs USING gin (labels);
CREATE INDEX domain_configs_default_profile_id_idx ON domain_configs (default_profile_id);
CREATE INDEX domain_configs_created_by_idx ON domain_configs (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON domain_configs
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
