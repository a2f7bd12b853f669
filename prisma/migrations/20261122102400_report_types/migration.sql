-- Reports that are about more than one scan, and for whom they were made.

CREATE TYPE report_type AS ENUM ('scan', 'compliance', 'trends', 'comparison');

ALTER TABLE reports
  ALTER COLUMN scan_id DROP NOT NULL,
  ADD COLUMN workspace_id uuid NOT NULL DEFAULT '00000000-0000-4000-8000-000000000001',
  ADD COLUMN type report_type NOT NULL DEFAULT 'scan',
  ADD COLUMN title text,
  ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN requested_by uuid,
  ADD CONSTRAINT reports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  ADD CONSTRAINT reports_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT reports_scan_type_has_scan CHECK ((type = 'scan') = (scan_id IS NOT NULL)),
  ADD CONSTRAINT reports_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
  ADD CONSTRAINT reports_parameters_is_object CHECK (jsonb_typeof(parameters) = 'object');

CREATE INDEX reports_workspace_id_created_at_id_idx ON reports (workspace_id, created_at DESC, id DESC);
CREATE INDEX reports_requested_by_idx ON reports (requested_by) WHERE requested_by IS NOT NULL;
