-- Addresses of other systems that want to be called, and each call.

CREATE TYPE webhook_state AS ENUM ('active', 'paused', 'broken');
CREATE TYPE webhook_delivery_state AS ENUM ('pending', 'delivered', 'failed', 'dead');

CREATE TABLE webhook_endpoints (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  secret_encrypted bytea NOT NULL,
  events notification_event[] NOT NULL,
  state webhook_state NOT NULL DEFAULT 'active',
  consecutive_failures integer NOT NULL DEFAULT 0,
  broken_at timestamptz(6),
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_endpoints_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT webhook_endpoints_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT webhook_endpoints_url_format CHECK (
    url ~ '^https?://[^[:space:]/?#@]+([/?#][^[:space:]]*)?$' AND char_length(url) <= 8192
  ),
  CONSTRAINT webhook_endpoints_description_length CHECK (char_length(description) <= 2000),
  CONSTRAINT webhook_endpoints_secret_size CHECK (octet_length(secret_encrypted) BETWEEN 16 AND 4096),
  CONSTRAINT webhook_endpoints_events_count CHECK (cardinality(events) BETWEEN 1 AND 50),
  CONSTRAINT webhook_endpoints_failures_not_negative CHECK (consecutive_failures >= 0),
  CONSTRAINT webhook_endpoints_broken_has_time CHECK ((state = 'broken') = (broken_at IS NOT NULL))
);

CREATE INDEX webhook_endpoints_workspace_id_idx ON webhook_endpoints (workspace_id);
CREATE INDEX webhook_endpoints_created_by_idx ON webhook_endpoints (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON webhook_endpoints
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE webhook_deliveries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event notification_event NOT NULL,
  payload jsonb NOT NULL,
  state webhook_delivery_state NOT NULL DEFAULT 'pending',
  attempt integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(6) DEFAULT CURRENT_TIMESTAMP,
  response_status integer,
  failure_reason text,
  delivered_at timestamptz(6),
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_deliveries_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT webhook_deliveries_payload_is_small_object CHECK (
    jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 262144
  ),
  CONSTRAINT webhook_deliveries_attempt_not_negative CHECK (attempt >= 0),
  CONSTRAINT webhook_deliveries_response_status_range CHECK (response_status BETWEEN 100 AND 999),
  CONSTRAINT webhook_deliveries_open_has_next_attempt CHECK (
    (state IN ('pending', 'failed')) = (next_attempt_at IS NOT NULL)
  ),
  CONSTRAINT webhook_deliveries_delivered_has_time CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
  CONSTRAINT webhook_deliveries_failed_has_reason CHECK (
    state NOT IN ('failed', 'dead') OR failure_reason IS NOT NULL
  ),
  CONSTRAINT webhook_deliveries_reason_length CHECK (char_length(failure_reason) BETWEEN 1 AND 8192)
);

-- One delivery per event and endpoint, however often the event is told.
CREATE UNIQUE INDEX webhook_deliveries_endpoint_id_event_id_key ON webhook_deliveries (endpoint_id, event_id);
CREATE INDEX webhook_deliveries_endpoint_id_created_at_id_idx
  ON webhook_deliveries (endpoint_id, created_at DESC, id DESC);
-- What is due.
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (next_attempt_at) WHERE state IN ('pending', 'failed');

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON webhook_deliveries
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
