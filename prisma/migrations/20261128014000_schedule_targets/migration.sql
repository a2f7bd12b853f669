-- Schedules as they are asked for: the whole timing in one document, sites by id or by label, jitter, quiet hours, and
-- the time that a run is planned for beside the one at which it begins. No release wrote schedules so far but for the
-- demonstration; what can be carried over is.

ALTER TABLE schedules
  ADD COLUMN domain_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN labels text[] NOT NULL DEFAULT '{}',
  ADD COLUMN jitter_ms integer NOT NULL DEFAULT 0,
  ADD COLUMN quiet_from text,
  ADD COLUMN quiet_to text,
  ADD COLUMN next_planned_at timestamptz(6);

UPDATE schedules
   SET domain_ids = CASE WHEN domain_config_id IS NULL THEN '{}' ELSE ARRAY[domain_config_id] END,
       next_planned_at = next_run_at,
       timing = CASE frequency
         WHEN 'cron' THEN jsonb_build_object('frequency', 'cron', 'expression', cron)
         WHEN 'interval' THEN jsonb_build_object('frequency', 'interval', 'everyMs', interval_minutes * 60000)
         ELSE timing || jsonb_build_object('frequency', frequency::text)
       END;

-- Without a site there is nothing that the new form could scan, and without a profile nothing to scan with.
DELETE FROM schedules WHERE cardinality(domain_ids) = 0 OR profile_id IS NULL;

ALTER TABLE schedules
  DROP COLUMN domain_config_id,
  DROP COLUMN urls,
  DROP COLUMN cron,
  DROP COLUMN interval_minutes,
  DROP CONSTRAINT schedules_profile_id_fkey,
  ALTER COLUMN profile_id SET NOT NULL,
  ADD CONSTRAINT schedules_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES scan_profiles (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  ADD CONSTRAINT schedules_has_target CHECK (
    (cardinality(domain_ids) BETWEEN 1 AND 1000 AND cardinality(labels) = 0)
    OR (cardinality(domain_ids) = 0 AND cardinality(labels) BETWEEN 1 AND 10)
  ),
  ADD CONSTRAINT schedules_timing_says_frequency CHECK (timing ->> 'frequency' = frequency::text),
  ADD CONSTRAINT schedules_jitter_range CHECK (jitter_ms BETWEEN 0 AND 21600000),
  ADD CONSTRAINT schedules_quiet_hours_whole CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
  ADD CONSTRAINT schedules_quiet_hours_format CHECK (
    quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
  ),
  ADD CONSTRAINT schedules_next_run_is_planned CHECK ((next_run_at IS NULL) = (next_planned_at IS NULL)),
  ADD CONSTRAINT schedules_begins_after_plan CHECK (next_run_at >= next_planned_at);

ALTER TABLE schedule_executions
  ADD COLUMN scans_planned integer NOT NULL DEFAULT 0,
  ADD COLUMN scans_failed integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT schedule_executions_scan_counts CHECK (scans_failed BETWEEN 0 AND scans_planned);
