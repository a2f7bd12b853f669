-- Whose turn a scan is among those that wait, and the site that scans of it burden together.

ALTER TABLE workspaces
  ADD COLUMN scan_weight integer NOT NULL DEFAULT 1,
  ADD CONSTRAINT workspaces_scan_weight_range CHECK (scan_weight BETWEEN 1 AND 10);

ALTER TABLE scan_results
  ADD COLUMN turn integer,
  ADD COLUMN site text,
  ADD CONSTRAINT scan_results_turn_range CHECK (turn >= 0),
  ADD CONSTRAINT scan_results_site_length CHECK (char_length(site) BETWEEN 1 AND 255);

-- The last turn that a workspace waits for, and the first one of all.
CREATE INDEX scan_results_workspace_id_turn_idx ON scan_results (workspace_id, turn)
  WHERE status IN ('queued', 'running') AND turn IS NOT NULL;
CREATE INDEX scan_results_turn_idx ON scan_results (turn) WHERE status IN ('queued', 'running') AND turn IS NOT NULL;
-- When a site was last visited, and by how many scans it is now.
CREATE INDEX scan_results_site_started_at_idx ON scan_results (site, started_at DESC) WHERE started_at IS NOT NULL;
