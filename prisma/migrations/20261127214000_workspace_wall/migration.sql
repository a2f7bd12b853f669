-- A second wall between workspaces, behind the one in the queries: whoever works in one workspace takes the role
-- cookie_scanner_workspace for the length of a transaction, and this role sees the rows of that workspace alone. The
-- services that work for all workspaces own the tables and are not held back.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cookie_scanner_workspace') THEN
    CREATE ROLE cookie_scanner_workspace NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, 'cookie_scanner_workspace', 'MEMBER') THEN
    GRANT cookie_scanner_workspace TO CURRENT_USER;
  END IF;
EXCEPTION
  -- Roles belong to the whole server; another database of it made this one at the same moment.
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role cookie_scanner_workspace is missing; let somebody who may do so run: CREATE ROLE cookie_scanner_workspace NOLOGIN; GRANT cookie_scanner_workspace TO %', quote_ident(current_user);
END
$$;

-- The workspace of this transaction; null for none, which shows nothing.
CREATE FUNCTION current_workspace_id() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('cookie_scanner.workspace_id', true), '')::uuid
$$;

-- Tables whose rows say whose they are.
DO $$
DECLARE
  walled text;
BEGIN
  FOREACH walled IN ARRAY ARRAY[
    'annotations', 'anomalies', 'api_keys', 'baselines', 'category_overrides', 'cookie_sightings', 'domain_configs',
    'findings',
    'notification_templates', 'notifications', 'plugin_workspaces', 'reports', 'scan_batches', 'scan_profiles',
    'scan_results', 'schedules', 'webhook_endpoints', 'workspace_members'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO cookie_scanner_workspace', walled);
    EXECUTE format(
      'CREATE POLICY workspace_wall ON %I TO cookie_scanner_workspace
         USING (workspace_id = current_workspace_id()) WITH CHECK (workspace_id = current_workspace_id())', walled);
  END LOOP;
END
$$;

-- What comes with the platform belongs to no workspace: everybody reads it, nobody changes it.
CREATE POLICY built_in ON scan_profiles FOR SELECT TO cookie_scanner_workspace USING (workspace_id IS NULL);
CREATE POLICY built_in ON notification_templates FOR SELECT TO cookie_scanner_workspace USING (workspace_id IS NULL);

-- Tables whose rows belong to a row of another table. The inner query meets the wall of that table.
DO $$
DECLARE
  walled text[];
BEGIN
  FOREACH walled SLICE 1 IN ARRAY ARRAY[
    ['cookies', 'scan_results', 'scan_id'], ['pages', 'scan_results', 'scan_id'],
    ['storage_items', 'scan_results', 'scan_id'], ['schedule_executions', 'schedules', 'schedule_id'],
    ['webhook_deliveries', 'webhook_endpoints', 'endpoint_id']
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled[1]);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO cookie_scanner_workspace', walled[1]);
    EXECUTE format(
      'CREATE POLICY workspace_wall ON %I TO cookie_scanner_workspace
         USING (EXISTS (SELECT FROM %I AS owner WHERE owner.id = %I.%I))',
      walled[1], walled[2], walled[1], walled[3]);
  END LOOP;
END
$$;

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE ON workspaces TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON workspaces TO cookie_scanner_workspace USING (id = current_workspace_id());

-- The audit log is only ever added to, and work is handed to queues by rows that their writer never sees again.
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON audit_logs TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON audit_logs TO cookie_scanner_workspace
  USING (workspace_id = current_workspace_id()) WITH CHECK (workspace_id = current_workspace_id());
GRANT INSERT ON outbox_events TO cookie_scanner_workspace;
GRANT USAGE ON SEQUENCE outbox_events_sequence_seq TO cookie_scanner_workspace;
