-- What the analysis of a scan holds against it or wants seen.

CREATE TYPE severity AS ENUM ('info', 'low', 'medium', 'high', 'critical');
CREATE TYPE confidence AS ENUM ('high', 'medium', 'low');
CREATE TYPE finding_state AS ENUM ('open', 'acknowledged', 'accepted', 'false_positive', 'resolved');
CREATE TYPE anomaly_kind AS ENUM (
  'new_tracker', 'cookie_count', 'third_party_count', 'cookie_lifetime', 'score_drop', 'consent_regression',
  'repeated_failure'
);

CREATE TABLE findings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  scanned_at timestamptz(6) NOT NULL,
  -- The rule that raised it.
  rule text NOT NULL,
  -- The same for the same matter in every scan of a site, so that a decision about it holds.
  fingerprint text NOT NULL,
  severity severity NOT NULL,
  confidence confidence NOT NULL DEFAULT 'high',
  state finding_state NOT NULL DEFAULT 'open',
  title text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  decided_by uuid,
  decided_at timestamptz(6),
  decision_note text,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT findings_pkey PRIMARY KEY (id, scanned_at),
  CONSTRAINT findings_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT findings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT findings_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT findings_rule_format CHECK (rule ~ '^[a-z0-9]+([-_.][a-z0-9]+)*$' AND char_length(rule) <= 100),
  CONSTRAINT findings_fingerprint_format CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  CONSTRAINT findings_title_length CHECK (char_length(title) BETWEEN 1 AND 8192),
  CONSTRAINT findings_detail_is_small_object CHECK (
    jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 262144
  ),
  CONSTRAINT findings_decided_is_whole CHECK (state = 'open' OR decided_at IS NOT NULL),
  CONSTRAINT findings_decider_means_decided CHECK (decided_by IS NULL OR decided_at IS NOT NULL),
  CONSTRAINT findings_decision_note_length CHECK (char_length(decision_note) BETWEEN 1 AND 8192)
) PARTITION BY RANGE (scanned_at);

CREATE UNIQUE INDEX findings_scan_id_fingerprint_scanned_at_key ON findings (scan_id, fingerprint, scanned_at);
-- A workspace's findings, the gravest first and then the newest.
CREATE INDEX findings_workspace_id_severity_scanned_at_id_idx
  ON findings (workspace_id, severity DESC, scanned_at DESC, id DESC);
CREATE INDEX findings_decided_by_idx ON findings (decided_by) WHERE decided_by IS NOT NULL;

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON findings
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE anomalies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  scan_id uuid NOT NULL,
  domain text NOT NULL,
  kind anomaly_kind NOT NULL,
  severity severity NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  detected_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT anomalies_pkey PRIMARY KEY (id),
  CONSTRAINT anomalies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT anomalies_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT anomalies_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND char_length(domain) BETWEEN 1 AND 255
  ),
  CONSTRAINT anomalies_detail_is_small_object CHECK (
    jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 262144
  )
);

CREATE UNIQUE INDEX anomalies_scan_id_kind_key ON anomalies (scan_id, kind);
CREATE INDEX anomalies_workspace_id_domain_detected_at_idx ON anomalies (workspace_id, domain, detected_at DESC);
CREATE INDEX anomalies_workspace_id_detected_at_idx ON anomalies (workspace_id, detected_at DESC);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON anomalies
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

SELECT create_month_partitions(
  (now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC' + interval '3 months')::date
);
