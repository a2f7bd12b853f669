-- Whose a scan is, of which site, why and with what it was run, and what the analysis made of it.

CREATE TYPE scan_trigger AS ENUM ('manual', 'api', 'bulk', 'schedule', 'retry');

CREATE TABLE scan_batches (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  name text NOT NULL DEFAULT '',
  scan_count integer NOT NULL,
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT scan_batches_pkey PRIMARY KEY (id),
  CONSTRAINT scan_batches_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT scan_batches_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT scan_batches_name_length CHECK (char_length(name) <= 200),
  CONSTRAINT scan_batches_scan_count_positive CHECK (scan_count > 0)
);

CREATE INDEX scan_batches_workspace_id_created_at_idx ON scan_batches (workspace_id, created_at DESC);
CREATE INDEX scan_batches_created_by_idx ON scan_batches (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON scan_batches
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE scan_results
  ADD COLUMN workspace_id uuid NOT NULL DEFAULT '00000000-0000-4000-8000-000000000001',
  ADD COLUMN domain text,
  ADD COLUMN trigger scan_trigger NOT NULL DEFAULT 'manual',
  ADD COLUMN profile_id uuid,
  ADD COLUMN batch_id uuid,
  ADD COLUMN retry_of uuid,
  ADD COLUMN requested_by uuid,
  ADD COLUMN cancel_requested_at timestamptz(6),
  ADD COLUMN knowledge_version text,
  ADD COLUMN metrics jsonb,
  ADD CONSTRAINT scan_results_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  -- The parameters as run are in the row, so a scan outlives its profile.
  ADD CONSTRAINT scan_results_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES scan_profiles (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT scan_results_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES scan_batches (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT scan_results_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES scan_results (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT scan_results_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT scan_results_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND char_length(domain) BETWEEN 1 AND 255
  ),
  ADD CONSTRAINT scan_results_retries_another CHECK (retry_of <> id),
  ADD CONSTRAINT scan_results_version_lengths CHECK (
    char_length(engine_version) <= 1000 AND char_length(browser_version) <= 1000
    AND char_length(knowledge_version) <= 1000
  ),
  ADD CONSTRAINT scan_results_metrics_is_object CHECK (jsonb_typeof(metrics) = 'object');

-- The host of the requested URL, as new rows get it from the platform.
UPDATE scan_results AS scan
   SET domain = host.name
  FROM (
    SELECT id, rtrim(lower(substring(requested_url from '^[[:space:]]*[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@[:space:]]+)')), '.') AS name
      FROM scan_results
  ) AS host
 WHERE scan.id = host.id AND char_length(host.name) BETWEEN 1 AND 255;

-- The latest scans of a domain; and the scans of a workspace by status, or all of them, newest first.
CREATE INDEX scan_results_latest_of_domain_idx
  ON scan_results (workspace_id, domain, finished_at DESC, id DESC) WHERE finished_at IS NOT NULL;
CREATE INDEX scan_results_workspace_id_status_queued_at_id_idx
  ON scan_results (workspace_id, status, queued_at DESC, id DESC);
CREATE INDEX scan_results_workspace_id_queued_at_id_idx ON scan_results (workspace_id, queued_at DESC, id DESC);
-- These serve the foreign keys; most scans have none of them.
CREATE INDEX scan_results_profile_id_idx ON scan_results (profile_id) WHERE profile_id IS NOT NULL;
CREATE INDEX scan_results_batch_id_idx ON scan_results (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX scan_results_retry_of_idx ON scan_results (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX scan_results_requested_by_idx ON scan_results (requested_by) WHERE requested_by IS NOT NULL;
