-- Scans, their cookies and reports, the notifications about them, and the outbox that hands work to the queues.
-- Needs PostgreSQL 13 or newer (gen_random_uuid is built in).

CREATE TYPE scan_status AS ENUM ('queued', 'running', 'success', 'partial', 'blocked', 'failed', 'cancelled');
CREATE TYPE consent_state AS ENUM ('untouched', 'accept', 'reject', 'gpc');
CREATE TYPE cookie_same_site AS ENUM ('Strict', 'Lax', 'None', 'unset');
CREATE TYPE cookie_party AS ENUM ('first', 'third');
CREATE TYPE setter_kind AS ENUM ('http', 'javascript', 'cookie-store', 'unknown');
CREATE TYPE setter_confidence AS ENUM ('observed', 'inferred', 'unknown');
CREATE TYPE report_format AS ENUM ('html', 'json');
CREATE TYPE report_state AS ENUM ('queued', 'ready', 'failed');
CREATE TYPE notification_event AS ENUM ('scan_finished');
CREATE TYPE notification_channel AS ENUM ('in_app', 'email');
CREATE TYPE notification_state AS ENUM ('pending', 'sent', 'failed');

-- created_at and updated_at belong to the database: whatever an UPDATE says about them is overwritten.
CREATE FUNCTION keep_timestamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.created_at := OLD.created_at;
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE scan_results (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  requested_url text NOT NULL,
  final_url text,
  params jsonb NOT NULL,
  status scan_status NOT NULL DEFAULT 'queued',
  status_reason text,
  attempt integer NOT NULL DEFAULT 0,
  attempts_max integer,
  released_count integer NOT NULL DEFAULT 0,
  offer integer NOT NULL DEFAULT 0,
  worker_id text,
  lease_until timestamptz(6),
  queued_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  offered_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at timestamptz(6),
  finished_at timestamptz(6),
  settled_at timestamptz(6),
  duration_ms integer,
  totals jsonb,
  quality jsonb,
  engine_version text,
  browser_version text,
  observation_key text,
  observation_sha256 text,
  observation_size_bytes bigint,
  values_kept boolean NOT NULL DEFAULT false,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT scan_results_pkey PRIMARY KEY (id),
  CONSTRAINT scan_results_url_lengths CHECK (
    char_length(requested_url) BETWEEN 1 AND 8192 AND char_length(final_url) <= 8192
  ),
  CONSTRAINT scan_results_params_is_object CHECK (jsonb_typeof(params) = 'object'),
  CONSTRAINT scan_results_reason_length CHECK (char_length(status_reason) BETWEEN 1 AND 8192),
  CONSTRAINT scan_results_attempt_not_negative CHECK (attempt >= 0),
  CONSTRAINT scan_results_attempts_max_positive CHECK (attempts_max > 0),
  CONSTRAINT scan_results_released_within_attempts CHECK (released_count BETWEEN 0 AND attempt),
  CONSTRAINT scan_results_offer_not_negative CHECK (offer >= 0),
  CONSTRAINT scan_results_queued_is_unclaimed CHECK (
    status <> 'queued' OR (worker_id IS NULL AND started_at IS NULL)
  ),
  CONSTRAINT scan_results_running_is_leased CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CONSTRAINT scan_results_running_is_claimed CHECK (
    status <> 'running'
    OR (worker_id IS NOT NULL AND started_at IS NOT NULL AND attempt > 0 AND attempts_max IS NOT NULL)
  ),
  CONSTRAINT scan_results_terminal_is_finished CHECK (
    (status IN ('success', 'partial', 'blocked', 'failed', 'cancelled')) = (finished_at IS NOT NULL)
  ),
  CONSTRAINT scan_results_settled_is_finished CHECK (settled_at IS NULL OR finished_at IS NOT NULL),
  CONSTRAINT scan_results_finished_after_queued CHECK (finished_at >= queued_at),
  CONSTRAINT scan_results_duration_not_negative CHECK (duration_ms >= 0),
  CONSTRAINT scan_results_totals_is_object CHECK (jsonb_typeof(totals) = 'object'),
  CONSTRAINT scan_results_quality_is_object CHECK (jsonb_typeof(quality) = 'object'),
  CONSTRAINT scan_results_observation_is_whole CHECK (
    num_nonnulls(observation_key, observation_sha256, observation_size_bytes) IN (0, 3)
  ),
  CONSTRAINT scan_results_observation_sha256_format CHECK (observation_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT scan_results_observation_size_not_negative CHECK (observation_size_bytes >= 0),
  CONSTRAINT scan_results_outcome_is_observed CHECK (
    status NOT IN ('success', 'partial', 'blocked')
    OR (observation_key IS NOT NULL AND totals IS NOT NULL AND quality IS NOT NULL AND duration_ms IS NOT NULL)
  )
);

-- What waits, oldest first; what runs, by the end of its lease; and what ended but still has reports or messages to come.
CREATE INDEX scan_results_queued_idx ON scan_results (queued_at) WHERE status = 'queued';
CREATE INDEX scan_results_running_idx ON scan_results (lease_until) WHERE status = 'running';
CREATE INDEX scan_results_unsettled_idx ON scan_results (finished_at)
  WHERE finished_at IS NOT NULL AND settled_at IS NULL;

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON scan_results
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

-- Last line of defence behind the fencing token: a finished scan keeps its outcome, and tokens are never reused.
CREATE FUNCTION guard_scan_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finished_at IS NOT NULL AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'scan % is finished as % and cannot become %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'scan_results_finished_is_final';
  END IF;
  IF NEW.attempt < OLD.attempt THEN
    RAISE EXCEPTION 'attempt of scan % cannot go back from % to %', OLD.id, OLD.attempt, NEW.attempt
      USING ERRCODE = 'check_violation', CONSTRAINT = 'scan_results_attempt_only_grows';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER guard_scan_history BEFORE UPDATE OF status, attempt ON scan_results
  FOR EACH ROW EXECUTE FUNCTION guard_scan_history();

CREATE TABLE cookies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  value_hash text,
  size_bytes integer NOT NULL,
  domain text NOT NULL,
  host_only boolean NOT NULL,
  path text NOT NULL,
  http_only boolean NOT NULL,
  secure boolean NOT NULL,
  same_site cookie_same_site NOT NULL,
  expires_at timestamptz(6),
  declared_lifetime_seconds double precision,
  partition_key text,
  party cookie_party NOT NULL,
  consent_states consent_state[] NOT NULL,
  pages text[] NOT NULL,
  set_by_kind setter_kind NOT NULL,
  set_by_url text,
  set_by_initiators text[] NOT NULL,
  set_by_confidence setter_confidence NOT NULL,
  events jsonb NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT cookies_pkey PRIMARY KEY (id),
  CONSTRAINT cookies_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT cookies_position_not_negative CHECK (position >= 0),
  CONSTRAINT cookies_size_not_negative CHECK (size_bytes >= 0),
  CONSTRAINT cookies_value_hash_format CHECK (value_hash ~ '^[0-9a-f]{16,128}$'),
  CONSTRAINT cookies_text_lengths CHECK (
    char_length(name) <= 8192 AND char_length(domain) <= 8192 AND char_length(path) <= 8192
    AND char_length(partition_key) <= 8192 AND char_length(set_by_url) <= 8192
  ),
  CONSTRAINT cookies_list_lengths CHECK (
    cardinality(pages) <= 200 AND cardinality(set_by_initiators) <= 200 AND cardinality(consent_states) <= 16
  ),
  CONSTRAINT cookies_events_is_list CHECK (
    CASE WHEN jsonb_typeof(events) = 'array' THEN jsonb_array_length(events) <= 200 ELSE false END
  )
);

-- The cookies of a scan in order, page by page; also serves the foreign key.
CREATE UNIQUE INDEX cookies_scan_id_position_key ON cookies (scan_id, position);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON cookies
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE outbox_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sequence bigserial NOT NULL,
  queue text NOT NULL,
  payload jsonb NOT NULL,
  sent_at timestamptz(6),
  refused_reason text,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT outbox_events_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_events_queue_format CHECK (queue ~ '^[a-z]+(-[a-z]+)*$'),
  CONSTRAINT outbox_events_payload_is_object CHECK (jsonb_typeof(payload) = 'object'),
  CONSTRAINT outbox_events_payload_size CHECK (octet_length(payload::text) <= 16384),
  CONSTRAINT outbox_events_sent_or_refused CHECK (num_nonnulls(sent_at, refused_reason) <= 1)
);

CREATE UNIQUE INDEX outbox_events_sequence_key ON outbox_events (sequence);
-- What is still to be sent, in order of writing; and what was sent, for removal by age.
CREATE INDEX outbox_events_unsent_idx ON outbox_events (sequence)
  WHERE sent_at IS NULL AND refused_reason IS NULL;
CREATE INDEX outbox_events_sent_idx ON outbox_events (sent_at) WHERE sent_at IS NOT NULL;

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON outbox_events
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

-- PostgreSQL delivers the notice when the transaction commits, and once however many rows it wrote.
CREATE FUNCTION announce_outbox_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox_events', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER announce_outbox_events AFTER INSERT ON outbox_events
  FOR EACH STATEMENT EXECUTE FUNCTION announce_outbox_events();

CREATE TABLE reports (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  format report_format NOT NULL,
  state report_state NOT NULL DEFAULT 'queued',
  failure_reason text,
  artifact_key text,
  artifact_sha256 text,
  artifact_size_bytes bigint,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT reports_pkey PRIMARY KEY (id),
  CONSTRAINT reports_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT reports_ready_has_artifact CHECK ((state = 'ready') = (artifact_key IS NOT NULL)),
  CONSTRAINT reports_artifact_is_whole CHECK (
    num_nonnulls(artifact_key, artifact_sha256, artifact_size_bytes) IN (0, 3)
  ),
  CONSTRAINT reports_artifact_sha256_format CHECK (artifact_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT reports_artifact_size_not_negative CHECK (artifact_size_bytes >= 0),
  CONSTRAINT reports_failed_has_reason CHECK ((state = 'failed') = (failure_reason IS NOT NULL)),
  CONSTRAINT reports_reason_length CHECK (char_length(failure_reason) BETWEEN 1 AND 8192)
);

CREATE UNIQUE INDEX reports_scan_id_format_key ON reports (scan_id, format);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON reports
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE notifications (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  event_id uuid NOT NULL,
  event notification_event NOT NULL,
  scan_id uuid,
  channel notification_channel NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  state notification_state NOT NULL DEFAULT 'pending',
  failure_reason text,
  sent_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT notifications_pkey PRIMARY KEY (id),
  -- What people were told stays on record when the scan itself is deleted.
  CONSTRAINT notifications_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT notifications_recipient_length CHECK (char_length(recipient) BETWEEN 1 AND 320),
  -- The line limit of an e-mail header, RFC 5322 section 2.1.1.
  CONSTRAINT notifications_subject_length CHECK (char_length(subject) BETWEEN 1 AND 998),
  CONSTRAINT notifications_body_size CHECK (octet_length(body) <= 1048576),
  CONSTRAINT notifications_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
  CONSTRAINT notifications_failed_has_reason CHECK ((state = 'failed') = (failure_reason IS NOT NULL)),
  CONSTRAINT notifications_reason_length CHECK (char_length(failure_reason) BETWEEN 1 AND 8192)
);

-- One message per event, channel and recipient, however often the job that sends it runs.
CREATE UNIQUE INDEX notifications_event_id_channel_recipient_key
  ON notifications (event_id, channel, recipient);
-- Serves the foreign key when a scan is deleted.
CREATE INDEX notifications_scan_id_idx ON notifications (scan_id);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON notifications
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
