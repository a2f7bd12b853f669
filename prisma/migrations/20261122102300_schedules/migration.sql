-- What is scanned when, and each run with its outcome.

CREATE TYPE schedule_frequency AS ENUM ('once', 'interval', 'daily', 'weekly', 'monthly', 'cron');
CREATE TYPE schedule_state AS ENUM ('active', 'paused', 'finished');
CREATE TYPE misfire_policy AS ENUM ('run_once', 'skip');
CREATE TYPE overlap_policy AS ENUM ('skip', 'allow');
CREATE TYPE schedule_execution_status AS ENUM ('planned', 'running', 'success', 'partial', 'failed', 'skipped');

CREATE TABLE schedules (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  domain_config_id uuid,
  profile_id uuid,
  name text NOT NULL,
  urls text[] NOT NULL DEFAULT '{}',
  frequency schedule_frequency NOT NULL,
  cron text,
  interval_minutes integer,
  -- Time of day, days of the week or month, as the contract of schedules says.
  timing jsonb NOT NULL DEFAULT '{}',
  time_zone text NOT NULL DEFAULT 'UTC',
  state schedule_state NOT NULL DEFAULT 'active',
  misfire_policy misfire_policy NOT NULL DEFAULT 'run_once',
  overlap_policy overlap_policy NOT NULL DEFAULT 'skip',
  starts_at timestamptz(6),
  ends_at timestamptz(6),
  next_run_at timestamptz(6),
  last_run_at timestamptz(6),
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT schedules_pkey PRIMARY KEY (id),
  CONSTRAINT schedules_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT schedules_domain_config_id_fkey FOREIGN KEY (domain_config_id) REFERENCES domain_configs (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT schedules_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES scan_profiles (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT schedules_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT schedules_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT schedules_has_target CHECK (
    cardinality(urls) <= 1000 AND (domain_config_id IS NOT NULL OR cardinality(urls) > 0)
  ),
  CONSTRAINT schedules_cron_when_cron CHECK ((frequency = 'cron') = (cron IS NOT NULL)),
  CONSTRAINT schedules_cron_format CHECK (cron ~ '^[^[:space:]]+( [^[:space:]]+){4}$' AND char_length(cron) <= 200),
  CONSTRAINT schedules_interval_when_interval CHECK ((frequency = 'interval') = (interval_minutes IS NOT NULL)),
  CONSTRAINT schedules_interval_range CHECK (interval_minutes BETWEEN 1 AND 527040),
  CONSTRAINT schedules_timing_is_object CHECK (jsonb_typeof(timing) = 'object'),
  -- Names of the IANA time zone database. PostgreSQL itself would also take offsets and abbreviations.
  CONSTRAINT schedules_time_zone_format CHECK (
    time_zone ~ '^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$' AND char_length(time_zone) <= 64
  ),
  CONSTRAINT schedules_active_has_next_run CHECK (state <> 'active' OR next_run_at IS NOT NULL),
  CONSTRAINT schedules_finished_has_no_next_run CHECK (state <> 'finished' OR next_run_at IS NULL),
  CONSTRAINT schedules_ends_after_start CHECK (ends_at > starts_at)
);

-- What is due, the longest waiting first.
CREATE INDEX schedules_due_idx ON schedules (next_run_at, id) WHERE state = 'active';
CREATE INDEX schedules_workspace_id_created_at_id_idx ON schedules (workspace_id, created_at DESC, id DESC);
CREATE INDEX schedules_domain_config_id_idx ON schedules (domain_config_id);
CREATE INDEX schedules_profile_id_idx ON schedules (profile_id);
CREATE INDEX schedules_created_by_idx ON schedules (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON schedules
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE schedule_executions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  schedule_id uuid NOT NULL,
  planned_at timestamptz(6) NOT NULL,
  status schedule_execution_status NOT NULL DEFAULT 'planned',
  status_reason text,
  started_at timestamptz(6),
  finished_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT schedule_executions_pkey PRIMARY KEY (id),
  CONSTRAINT schedule_executions_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT schedule_executions_reason_length CHECK (char_length(status_reason) BETWEEN 1 AND 8192),
  CONSTRAINT schedule_executions_planned_is_not_started CHECK (
    status <> 'planned' OR (started_at IS NULL AND finished_at IS NULL)
  ),
  CONSTRAINT schedule_executions_running_is_started CHECK (
    status <> 'running' OR (started_at IS NOT NULL AND finished_at IS NULL)
  ),
  CONSTRAINT schedule_executions_ended_has_time CHECK (
    (status IN ('success', 'partial', 'failed', 'skipped')) = (finished_at IS NOT NULL)
  ),
  CONSTRAINT schedule_executions_finished_after_start CHECK (finished_at >= started_at)
);

-- One execution per planned time, however many schedulers look at the schedule.
CREATE UNIQUE INDEX schedule_executions_schedule_id_planned_at_key
  ON schedule_executions (schedule_id, planned_at DESC);
-- What still runs, for those who look after it.
CREATE INDEX schedule_executions_open_idx ON schedule_executions (planned_at)
  WHERE status IN ('planned', 'running');

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON schedule_executions
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE scan_results
  ADD COLUMN schedule_execution_id uuid,
  ADD CONSTRAINT scan_results_schedule_execution_id_fkey
    FOREIGN KEY (schedule_execution_id) REFERENCES schedule_executions (id)
    ON DELETE SET NULL ON UPDATE NO ACTION;

CREATE INDEX scan_results_schedule_execution_id_idx ON scan_results (schedule_execution_id)
  WHERE schedule_execution_id IS NOT NULL;
