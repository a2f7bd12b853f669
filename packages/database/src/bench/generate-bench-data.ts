import pg from 'pg';

/** How much to write. */
export interface BenchDataOptions {
  scanCount: number;
  cookiesPerScan: number;
  /** Told in one sentence what is happening. */
  onStep: (step: string) => void;
}

/** Names and ids that the benchmark asks for; all of them occur in the generated data. */
export interface BenchFacts {
  workspaceId: string;
  domain: string;
  cookieName: string;
  scanId: string;
  actorId: string;
}

interface Step {
  readonly what: string;
  readonly sql: string;
  /** Skips the look-ups of foreign keys, which are right by construction; needs a superuser, and is done without one too. */
  readonly isBulk?: boolean;
}

const SCANS_PER_DOMAIN = 10;

/**
 * Fills a migrated, otherwise empty database with a year of scans: sites scanned ten times each, their cookies,
 * sightings and findings, schedules, an outbox that is nearly empty, and an audit log. The same numbers each time.
 */
export async function generateBenchData(url: string, options: BenchDataOptions): Promise<BenchFacts> {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    const superuser = await client.query<{ is: boolean }>(
      'SELECT rolsuper AS is FROM pg_roles WHERE rolname = current_user',
    );
    for (const { what, sql, isBulk } of steps(options)) {
      options.onStep(what);
      await client.query('BEGIN');
      if (isBulk && superuser.rows[0]?.is) await client.query('SET LOCAL session_replication_role = replica');
      await client.query(sql);
      await client.query('COMMIT');
    }
    options.onStep('analysing the tables');
    await client.query('VACUUM (ANALYZE)');
    return await readFacts(client);
  } finally {
    await client.end();
  }
}

function steps({ scanCount, cookiesPerScan }: BenchDataOptions): Step[] {
  const domainCount = Math.max(1, Math.round(scanCount / SCANS_PER_DOMAIN));
  return [
    {
      what: 'making a year of months, workspaces and people',
      sql: `SELECT create_month_partitions((now() - interval '12 months')::date, (now() + interval '1 month')::date);
        INSERT INTO workspaces (name, slug) SELECT 'Lab ' || n, 'lab-' || n FROM generate_series(1, 4) AS n;
        INSERT INTO users (email, display_name)
        SELECT 'person-' || n || '@example.org', 'Person ' || n FROM generate_series(1, 50) AS n`,
    },
    {
      what: `writing ${scanCount} scans`,
      sql: `INSERT INTO scan_results (
          requested_url, final_url, params, domain, workspace_id, status, status_reason, attempt, queued_at, finished_at,
          settled_at, duration_ms, totals, quality, observation_key, observation_sha256, observation_size_bytes)
        SELECT 'https://' || host || '/', 'https://' || host || '/', '{"mode": "quick", "timeoutMs": 60000}', host, owner.id,
               CASE dice WHEN 0 THEN 'failed' WHEN 1 THEN 'partial' ELSE 'success' END::scan_status,
               CASE WHEN dice < 2 THEN 'timeout' END, 1, at - interval '1 minute', at, at, 1000 + n % 5000,
               '{"cookies": ${cookiesPerScan}}', '{}', 'scans/' || n, repeat('ab', 32), 20000
          FROM generate_series(0, ${scanCount - 1}) AS n
         CROSS JOIN LATERAL (SELECT 'site-' || n % ${domainCount} || '.example' AS host, abs(hashint4(n)) % 20 AS dice,
                               now() - (${scanCount} - n) * (interval '364 days' / ${scanCount}) AS at) AS made
          JOIN (SELECT id, row_number() OVER (ORDER BY slug) - 1 AS place FROM workspaces) AS owner
            ON owner.place = n % ${domainCount} % 5;
        INSERT INTO scan_results (requested_url, params, domain, workspace_id)
        SELECT 'https://site-' || n || '.example/', '{}', 'site-' || n || '.example', id
          FROM generate_series(1, 40) AS n, workspaces`,
      isBulk: true,
    },
    {
      what: `writing ${scanCount * cookiesPerScan} cookies`,
      sql: `INSERT INTO cookies (
          scan_id, scanned_at, position, name, value_hash, size_bytes, domain, host_only, path, http_only, secure,
          same_site, expires_at, party, consent_states, pages, set_by_kind, set_by_url, set_by_initiators,
          set_by_confidence, events, category, category_source)
        SELECT scan.id, scan.finished_at, place,
               CASE WHEN place < 5 THEN (ARRAY['_ga', '_gid', 'session', 'consent', '_fbp'])[place + 1]
                    -- Most cookies of a site are always there; a few are new in each scan.
                    ELSE 'cookie-' || abs(hashtext(place || CASE WHEN place % 20 = 7 THEN scan.observation_key ELSE scan.domain END)) % 20000
               END,
               repeat('ab', 32), 40, CASE WHEN place % 3 = 0 THEN '.ads-' || place || '.example' ELSE scan.domain END,
               place % 3 <> 0, '/', place % 2 = 0, true, 'Lax', scan.finished_at + interval '30 days',
               CASE WHEN place % 3 = 0 THEN 'third' ELSE 'first' END::cookie_party, '{untouched}',
               ARRAY[scan.requested_url], 'javascript', 'https://ads.example/tag.js', '{}', 'observed',
               '[{"atMs": 12, "action": "set", "kind": "javascript", "url": "https://ads.example/tag.js"}]',
               (ARRAY['necessary', 'functional', 'analytics', 'marketing'])[place % 4 + 1]::cookie_category, 'pattern_entry'
          FROM scan_results AS scan, generate_series(0, ${cookiesPerScan - 1}) AS place
         WHERE scan.finished_at IS NOT NULL`,
      isBulk: true,
    },
    {
      what: 'noting which site has which cookie',
      sql: `INSERT INTO cookie_sightings (
          workspace_id, domain, cookie_hash, name, cookie_domain, path, party, first_seen_at, last_seen_at)
        SELECT scan.workspace_id, scan.domain, cookie_identity(cookie.name, cookie.domain, cookie.path), cookie.name,
               cookie.domain, cookie.path, min(cookie.party), min(cookie.scanned_at), max(cookie.scanned_at)
          FROM cookies AS cookie JOIN scan_results AS scan ON scan.id = cookie.scan_id
         GROUP BY scan.workspace_id, scan.domain, cookie.name, cookie.domain, cookie.path`,
      isBulk: true,
    },
    {
      what: 'writing findings',
      sql: `INSERT INTO findings (scan_id, workspace_id, scanned_at, rule, fingerprint, severity, title)
        SELECT scan.id, scan.workspace_id, scan.finished_at, 'rule-' || n,
               encode(sha256(convert_to(scan.domain || n, 'UTF8')), 'hex'),
               (ARRAY['info', 'low', 'medium', 'high', 'critical'])[n]::severity, 'A finding'
          FROM scan_results AS scan, generate_series(1, 5) AS n WHERE scan.finished_at IS NOT NULL`,
      isBulk: true,
    },
    {
      what: 'writing schedules, the outbox and the audit log',
      sql: `INSERT INTO scan_profiles (workspace_id, slug, name, params)
        SELECT id, 'quick', 'Quick', '{"mode": "quick"}' FROM workspaces;
        INSERT INTO schedules (workspace_id, profile_id, name, labels, frequency, timing, next_planned_at, next_run_at, state)
        SELECT workspace_id, id, 'Schedule ' || n, ARRAY['shop'], 'daily', '{"frequency": "daily", "timeOfDay": "06:30"}',
               now() + (n - 20) * interval '1 minute', now() + (n - 20) * interval '1 minute',
               CASE WHEN n % 10 = 0 THEN 'paused' ELSE 'active' END::schedule_state
          FROM scan_profiles, generate_series(1, 2000) AS n WHERE workspace_id IS NOT NULL;
        INSERT INTO outbox_events (queue, payload, sent_at)
        SELECT 'scan-site', jsonb_build_object('scanId', gen_random_uuid(), 'offer', 0),
               CASE WHEN n <= 99900 THEN now() END FROM generate_series(1, 100000) AS n;
        INSERT INTO audit_logs (actor_kind, actor_id, action, workspace_id)
        SELECT 'user', person.id, 'scan.create', owner.id
          FROM generate_series(1, 20000) AS n
          JOIN (SELECT id, row_number() OVER (ORDER BY email) - 1 AS place FROM users) AS person ON person.place = n % 50
          JOIN (SELECT id, row_number() OVER (ORDER BY slug) - 1 AS place FROM workspaces) AS owner ON owner.place = n % 5`,
    },
  ];
}

async function readFacts(client: pg.Client): Promise<BenchFacts> {
  const { rows } = await client.query<BenchFacts>(
    `SELECT scan.workspace_id AS "workspaceId", scan.domain, '_ga' AS "cookieName", scan.id AS "scanId",
            (SELECT id FROM users ORDER BY email LIMIT 1) AS "actorId"
       FROM scan_results AS scan WHERE status = 'success' ORDER BY finished_at DESC LIMIT 1`,
  );
  if (!rows[0]) throw new Error('no scan was generated');
  return rows[0];
}
