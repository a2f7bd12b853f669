-- Signed places of chains of the audit log. A `head` says what the newest row of a chain was at a time, so that a chain
-- that was cut or written anew shows; a `start` says up to where retention removed it, so that the rest can still be
-- checked. Signatures are made with a key that is not in the database (docs/adr/0081).

CREATE TYPE audit_anchor_kind AS ENUM ('head', 'start');

CREATE TABLE audit_anchors (
  chain text NOT NULL,
  kind audit_anchor_kind NOT NULL,
  sequence bigint NOT NULL,
  -- Hash of the row at this place.
  hash text NOT NULL,
  signed_at timestamptz(3) NOT NULL,
  -- Which key signed; and its Ed25519 signature, as base64url.
  key_id text NOT NULL,
  signature text NOT NULL,

  CONSTRAINT audit_anchors_pkey PRIMARY KEY (chain, kind, sequence),
  CONSTRAINT audit_anchors_sequence_positive CHECK (sequence >= 1),
  CONSTRAINT audit_anchors_hash_format CHECK (hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT audit_anchors_key_id_format CHECK (key_id ~ '^[0-9a-f]{16}$'),
  CONSTRAINT audit_anchors_signature_format CHECK (signature ~ '^[A-Za-z0-9_-]{86}$')
);

ALTER TABLE audit_anchors ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON audit_anchors TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON audit_anchors TO cookie_scanner_workspace
  USING (chain = current_workspace_id()::text);

-- A chain goes on behind its start also when all of its rows were removed.
CREATE OR REPLACE FUNCTION chain_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_sequence bigint;
  last_hash text;
BEGIN
  NEW.chain := coalesce(NEW.workspace_id::text, 'platform');
  PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || NEW.chain, 0));
  SELECT sequence, hash INTO last_sequence, last_hash
    FROM audit_logs WHERE chain = NEW.chain ORDER BY sequence DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT sequence, hash INTO last_sequence, last_hash
      FROM audit_anchors WHERE chain = NEW.chain AND kind = 'start' ORDER BY sequence DESC LIMIT 1;
  END IF;
  NEW.sequence := coalesce(last_sequence, 0) + 1;
  NEW.previous_hash := coalesce(last_hash, repeat('0', 64));
  NEW.occurred_at := clock_timestamp();
  NEW.hash := audit_log_hash(NEW);
  RETURN NEW;
END
$$;

-- Rows leave the log in one way only: the transaction that removes them wrote a start behind them first.
DROP TRIGGER refuse_audit_change ON audit_logs;
CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR TRUNCATE ON audit_anchors
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE FUNCTION refuse_audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM audit_anchors
     WHERE chain = OLD.chain AND kind = 'start' AND sequence >= OLD.sequence AND xmin = pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'audit logs are only ever added to: row % of % has no start behind it', OLD.sequence, OLD.chain
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_logs_append_only';
  END IF;
  RETURN OLD;
END
$$;

CREATE TRIGGER refuse_audit_removal BEFORE DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();

-- What checks the log computes the hashes itself and trusts no function of the database.
DROP FUNCTION first_broken_audit_log(text);
