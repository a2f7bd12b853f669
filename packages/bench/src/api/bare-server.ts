// The baseline of the API benchmark: an Express handler for each measured request that sends PostgreSQL the same SQL as the
// gateway, wall of the workspace included, and nothing else: no rights, no checks, no limits, no log.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import pg from 'pg';

const { DATABASE_URL: connectionString, WORKSPACE_ID: workspaceId, USER_ID: userId } = process.env;
const PARAMS = { mode: 'quick', timeoutMs: 60_000 };

const pool = new pg.Pool({ connectionString, max: 10, options: '-c TimeZone=UTC' });
const app = express();

async function inWorkspace<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SELECT set_config('role', 'cookie_scanner_workspace', true),
              set_config('cookie_scanner.workspace_id', $1, true)`,
      [workspaceId],
    );
    const done = await work(client);
    await client.query('COMMIT');
    return done;
  } finally {
    client.release();
  }
}

async function createScan(request: Request, response: Response): Promise<void> {
  const { url } = request.body as { url: string };
  const domain = new URL(url).hostname;
  const scan = await inWorkspace(async (client) => {
    await client.query(
      `SELECT domain, state, default_profile_id FROM domain_configs WHERE domain = $1 AND workspace_id = $2`,
      [domain, workspaceId],
    );
    const { rows } = await client.query<{ id: string }>(
      `WITH scan AS (
         INSERT INTO scan_results (requested_url, domain, params, workspace_id, trigger, requested_by)
         VALUES ($1, $2, $3, $4, 'api', $5) RETURNING *
       ), asked AS (
         INSERT INTO outbox_events (queue, payload)
         SELECT 'scan-site', jsonb_build_object('scanId', scan.id, 'offer', 0) FROM scan
       ), logged AS (
         INSERT INTO audit_logs (
           actor_kind, actor_id, actor_name, action, outcome, target_type, target_id, workspace_id, after)
         SELECT 'user', $5, 'bench', 'scan.create', 'done', 'scan', scan.id::text, $4, $6 FROM scan
       )
       SELECT * FROM scan`,
      [url, domain, PARAMS, workspaceId, userId, { url }],
    );
    const [row] = rows;
    return row;
  });
  response.status(202).json(scan);
}

async function withReports(client: pg.PoolClient, ids: readonly string[]): Promise<object[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT * FROM scan_results WHERE id = ANY ($1) AND workspace_id = $2',
    [ids, workspaceId],
  );
  const reports = await client.query<{ scan_id: string }>(
    'SELECT * FROM reports WHERE scan_id = ANY ($1) ORDER BY format',
    [ids],
  );
  const byScan = Map.groupBy(reports.rows, (report) => report.scan_id);
  return rows.map((row) => ({ ...row, reports: byScan.get(row.id) ?? [] }));
}

app.post('/api/v1/scans', express.json(), createScan);
app.get('/api/v1/scans/:id', async (request, response) => {
  const [scan] = await inWorkspace((client) => withReports(client, [request.params.id]));
  response.json(scan);
});
app.get('/api/v1/scans', async (_request, response) => {
  const items = await inWorkspace(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id, queued_at::text AS at FROM scan_results WHERE workspace_id = $1
        ORDER BY queued_at DESC, id DESC LIMIT 51`,
      [workspaceId],
    );
    return withReports(
      client,
      rows.slice(0, 50).map(({ id }) => id),
    );
  });
  response.json({ items });
});
app.get('/api/v1/cookies', async (request, response) => {
  const { rows } = await inWorkspace((client) =>
    client.query(
      `SELECT *, first_seen_at::text AS at FROM cookie_sightings
        WHERE workspace_id = $1 AND left(name, 256) = left($2, 256) AND name = $2
        ORDER BY first_seen_at DESC, id DESC LIMIT 51`,
      [workspaceId, request.query['name']],
    ),
  );
  response.json({ items: rows.slice(0, 50) });
});

const server = app.listen(Number(process.env['GATEWAY_PORT']), '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
