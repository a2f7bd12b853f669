-- Workers say who they are and what labels they have; a scan that asks for labels waits for a worker that has them.

CREATE TABLE workers (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Host, process and a random part.
  name text NOT NULL,
  labels text[] NOT NULL DEFAULT '{}',
  version text NOT NULL,
  slots integer NOT NULL,
  running integer NOT NULL DEFAULT 0,
  -- The last sign of life.
  seen_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT workers_pkey PRIMARY KEY (id),
  CONSTRAINT workers_name_length CHECK (char_length(name) BETWEEN 1 AND 300),
  CONSTRAINT workers_labels_size CHECK (cardinality(labels) <= 3 AND octet_length(array_to_string(labels, '')) <= 300),
  CONSTRAINT workers_version_length CHECK (char_length(version) BETWEEN 1 AND 100),
  CONSTRAINT workers_slots_range CHECK (slots BETWEEN 1 AND 1000),
  CONSTRAINT workers_running_range CHECK (running >= 0)
);

CREATE UNIQUE INDEX workers_name_key ON workers (name);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON workers FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE scan_results
  ADD COLUMN worker_labels text[] NOT NULL DEFAULT '{}',
  ADD COLUMN pool_missing_since timestamptz(6),
  ADD CONSTRAINT scan_results_worker_labels_size
    CHECK (cardinality(worker_labels) <= 3 AND octet_length(array_to_string(worker_labels, '')) <= 300);

-- The labels stand among the parameters too; here they are in a form that can be searched and compared, whoever writes
-- the scan.
CREATE FUNCTION note_worker_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.worker_labels := ARRAY(
    SELECT label FROM jsonb_array_elements_text(NEW.params -> 'workerLabels') AS label ORDER BY label COLLATE "C");
  RETURN NEW;
END
$$;

CREATE TRIGGER scan_results_worker_labels BEFORE INSERT ON scan_results
  FOR EACH ROW WHEN (jsonb_typeof(NEW.params -> 'workerLabels') = 'array' AND NEW.params -> 'workerLabels' <> '[]')
  EXECUTE FUNCTION note_worker_labels();

-- Scans that ask for a worker, while they wait.
CREATE INDEX scan_results_worker_labels_idx ON scan_results (worker_labels)
  WHERE status = 'queued' AND worker_labels <> '{}';

-- Those who ask for the same labels stand in one line, with turns of its own.
DROP INDEX scan_results_workspace_id_turn_idx;
DROP INDEX scan_results_turn_idx;
CREATE INDEX scan_results_workspace_id_worker_labels_turn_idx ON scan_results (workspace_id, worker_labels, turn)
  WHERE status IN ('queued', 'running') AND turn IS NOT NULL;
CREATE INDEX scan_results_worker_labels_turn_idx ON scan_results (worker_labels, turn)
  WHERE status IN ('queued', 'running') AND turn IS NOT NULL;
