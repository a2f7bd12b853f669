-- What a site is allowed to look like; later scans are held against it.

CREATE TYPE baseline_state AS ENUM ('active', 'retired');

CREATE TABLE baselines (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  domain text NOT NULL,
  -- The scan it was taken from. What is compared is in the content, so a baseline outlives that scan.
  scan_id uuid,
  state baseline_state NOT NULL DEFAULT 'active',
  content jsonb NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by uuid,
  retired_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT baselines_pkey PRIMARY KEY (id),
  CONSTRAINT baselines_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT baselines_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT baselines_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT baselines_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND char_length(domain) BETWEEN 1 AND 255
  ),
  CONSTRAINT baselines_content_is_object CHECK (jsonb_typeof(content) = 'object'),
  CONSTRAINT baselines_note_length CHECK (char_length(note) <= 10000),
  CONSTRAINT baselines_retired_has_time CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);

CREATE UNIQUE INDEX baselines_active_key ON baselines (workspace_id, domain) WHERE state = 'active';
CREATE INDEX baselines_workspace_id_domain_created_at_idx ON baselines (workspace_id, domain, created_at DESC);
CREATE INDEX baselines_scan_id_idx ON baselines (scan_id);
CREATE INDEX baselines_created_by_idx ON baselines (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON baselines
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
