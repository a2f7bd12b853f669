-- Who did what to what. Rows are only ever added, and each carries the hash of the one before it in its chain, so that
-- a change, a gap or another order shows. Only an anchor kept elsewhere shows that the newest rows were cut off.
-- No foreign keys: what is recorded stays as it was, whatever becomes of the people and things it names.

CREATE TYPE audit_actor_kind AS ENUM ('user', 'api_key', 'system', 'anonymous');
CREATE TYPE audit_outcome AS ENUM ('done', 'refused', 'failed');

CREATE TABLE audit_logs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- The workspace, or `platform`. Chain, sequence, time and both hashes are given by the database.
  chain text NOT NULL DEFAULT '',
  sequence bigint NOT NULL DEFAULT 0,
  occurred_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  actor_kind audit_actor_kind NOT NULL,
  actor_id uuid,
  actor_name text,
  action text NOT NULL,
  outcome audit_outcome NOT NULL DEFAULT 'done',
  target_type text,
  target_id text,
  workspace_id uuid,
  ip text,
  user_agent text,
  request_id text,
  before jsonb,
  after jsonb,
  previous_hash text NOT NULL DEFAULT '',
  hash text NOT NULL DEFAULT '',

  CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
  CONSTRAINT audit_logs_actor_is_known CHECK (
    (actor_kind IN ('user', 'api_key')) = (actor_id IS NOT NULL)
  ),
  CONSTRAINT audit_logs_action_format CHECK (
    action ~ '^[a-z0-9]+([._-][a-z0-9]+)*$' AND char_length(action) <= 100
  ),
  CONSTRAINT audit_logs_text_lengths CHECK (
    char_length(actor_name) <= 320 AND char_length(target_type) <= 100 AND char_length(target_id) <= 1024
    AND char_length(ip) <= 64 AND char_length(user_agent) <= 1024 AND char_length(request_id) <= 200
  ),
  CONSTRAINT audit_logs_detail_size CHECK (
    octet_length(before::text) <= 262144 AND octet_length(after::text) <= 262144
  )
);

CREATE UNIQUE INDEX audit_logs_chain_sequence_key ON audit_logs (chain, sequence);
-- What somebody did, newest first; what happened to something; and all of a workspace.
CREATE INDEX audit_logs_actor_id_occurred_at_id_idx ON audit_logs (actor_id, occurred_at DESC, id DESC);
CREATE INDEX audit_logs_target_type_target_id_occurred_at_idx
  ON audit_logs (target_type, target_id, occurred_at DESC);
CREATE INDEX audit_logs_workspace_id_occurred_at_id_idx ON audit_logs (workspace_id, occurred_at DESC, id DESC);

-- SHA-256 over the hash before and everything the row says. The fields are named one by one, so that a column added
-- later leaves old hashes as they are. PostgreSQL orders the keys of jsonb itself.
CREATE FUNCTION audit_log_hash(entry audit_logs) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(entry.previous_hash || jsonb_build_object(
    'id', entry.id, 'chain', entry.chain, 'sequence', entry.sequence,
    'occurredAt', to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actorKind', entry.actor_kind, 'actorId', entry.actor_id, 'actorName', entry.actor_name,
    'action', entry.action, 'outcome', entry.outcome,
    'targetType', entry.target_type, 'targetId', entry.target_id, 'workspaceId', entry.workspace_id,
    'ip', entry.ip, 'userAgent', entry.user_agent, 'requestId', entry.request_id,
    'before', entry.before, 'after', entry.after
  )::text, 'UTF8')), 'hex')
$$;

-- Gives a new row its place in the chain. Writers of one chain take turns until they commit, so that no number is
-- missing and none is used twice; whatever the INSERT says about these columns is overwritten.
CREATE FUNCTION chain_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last audit_logs%ROWTYPE;
BEGIN
  NEW.chain := coalesce(NEW.workspace_id::text, 'platform');
  PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || NEW.chain, 0));
  SELECT * INTO last FROM audit_logs WHERE chain = NEW.chain ORDER BY sequence DESC LIMIT 1;
  NEW.sequence := coalesce(last.sequence, 0) + 1;
  NEW.previous_hash := coalesce(last.hash, repeat('0', 64));
  NEW.occurred_at := clock_timestamp();
  NEW.hash := audit_log_hash(NEW);
  RETURN NEW;
END
$$;

CREATE TRIGGER chain_audit_log BEFORE INSERT ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION chain_audit_log();

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit logs are only ever added to: % is refused', TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_logs_append_only';
END
$$;

CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Sequence of the first row of a chain that is not what its writer left; null when the whole chain is.
CREATE FUNCTION first_broken_audit_log(checked_chain text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT min(place) FROM (
    SELECT row_number() OVER in_order AS place, entry.sequence, entry.previous_hash, entry.hash,
           coalesce(lag(entry.hash) OVER in_order, repeat('0', 64)) AS hash_before, audit_log_hash(entry) AS hash_now
      FROM audit_logs AS entry WHERE chain = checked_chain WINDOW in_order AS (ORDER BY sequence)
  ) AS checked
   WHERE sequence <> place OR previous_hash <> hash_before OR hash <> hash_now
$$;
