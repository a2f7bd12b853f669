import pg from 'pg';
import { auditByActorQuery } from '../audit.repository.ts';
import { cookiesOfScanQuery } from '../cookie-rows.ts';
import { cookieSearchQuery } from '../cookie-search.ts';
import { domainsWithCookieQuery, newCookiesQuery } from '../cookie-sighting.repository.ts';
import { findingsBySeverityQuery } from '../finding.repository.ts';
import type { Prisma } from '../generated/client.ts';
import { unsentOutboxQuery } from '../outbox.repository.ts';
import { scanSearchQuery, scansOfDomainQuery } from '../scan-lists.ts';
import { schedulesDueQuery } from '../schedule.repository.ts';
import type { BenchFacts } from './generate-bench-data.ts';
import { summarisePlan, type PlanNode, type PlanSummary } from './query-plan.ts';

/** A query of the product and what PostgreSQL does for it. */
export interface ExplainedQuery extends PlanSummary {
  name: string;
  /** Milliseconds of planning and execution, on the second run. */
  ms: number;
}

const LIMIT = 100;
const DAY_MS = 86_400_000;
const NOBODY = '11111111-1111-4111-8111-111111111111';

/** Runs each query of the product as its repository writes it, first pages and later ones, and says what it cost. */
export async function explainProductQueries(url: string, facts: BenchFacts): Promise<ExplainedQuery[]> {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    const explained: ExplainedQuery[] = [];
    for (const [name, query] of productQueries(facts)) explained.push(await explain(client, name, query));
    return explained;
  } finally {
    await client.end();
  }
}

function productQueries(facts: BenchFacts): [string, Prisma.Sql][] {
  const { workspaceId, domain, cookieName: name, scanId, actorId } = facts;
  const limit = LIMIT;
  const aWeekAgo = new Date(Date.now() - 7 * DAY_MS);
  const halfAYearAgo = new Date(Date.now() - 182 * DAY_MS).toISOString();
  const later = [halfAYearAgo, NOBODY] as const;
  return [
    ['latest scan of a domain', scansOfDomainQuery({ workspaceId, domain, after: null, limit: 1 })],
    ['scans of a domain, later page', scansOfDomainQuery({ workspaceId, domain, after: later, limit })],
    ['scans by status and time', scanSearchQuery({ workspaceId, status: 'failed', after: null, limit })],
    ['… later page', scanSearchQuery({ workspaceId, status: 'failed', after: later, limit })],
    ['scans by time', scanSearchQuery({ workspaceId, after: later, limit })],
    ['scans of a domain by time', scanSearchQuery({ workspaceId, domain, after: later, limit })],
    ['cookies of a scan', cookiesOfScanQuery(scanId, { after: -1, limit })],
    [
      'cookies of a scan by category',
      cookiesOfScanQuery(scanId, { category: 'marketing', after: 10, limit }),
    ],
    ['domains that have a cookie', domainsWithCookieQuery({ workspaceId, name, after: null, limit })],
    ['… later page', domainsWithCookieQuery({ workspaceId, name, after: 'site-5', limit })],
    ['cookies over all scans', cookieSearchQuery({ workspaceId, after: later, limit })],
    ['… by category', cookieSearchQuery({ workspaceId, category: 'unclassified', after: null, limit })],
    ['… by name', cookieSearchQuery({ workspaceId, name, after: null, limit })],
    ['new cookies since a date', newCookiesQuery({ workspaceId, since: aWeekAgo, after: null, limit })],
    ['… later page', newCookiesQuery({ workspaceId, since: new Date(0), after: later, limit })],
    [
      'findings of a workspace by severity',
      findingsBySeverityQuery({ workspaceId, severity: null, state: null, after: null, limit }),
    ],
    [
      '… later page',
      findingsBySeverityQuery({
        workspaceId,
        severity: null,
        state: null,
        after: ['medium', ...later],
        limit,
      }),
    ],
    [
      '… of one severity',
      findingsBySeverityQuery({ workspaceId, severity: 'high', state: 'open', after: null, limit }),
    ],
    ['schedules due', schedulesDueQuery(limit)],
    ['unsent outbox', unsentOutboxQuery(['scan-site', 'analyse-scan'], limit)],
    [
      'audit by actor and time',
      auditByActorQuery({ actorId, from: aWeekAgo, until: null, after: null, limit }),
    ],
    [
      '… later page',
      auditByActorQuery({
        actorId,
        from: null,
        until: null,
        after: [new Date().toISOString(), NOBODY],
        limit,
      }),
    ],
  ];
}

async function explain(
  client: pg.Client,
  name: string,
  { text, values }: Prisma.Sql,
): Promise<ExplainedQuery> {
  const sql = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`;
  // The first run fills the caches of PostgreSQL, as in daily life; nothing is kept of either.
  await client.query('BEGIN');
  await client.query(sql, values);
  const { rows } = await client.query<{ 'QUERY PLAN': [ExplainOutput] }>(sql, values);
  await client.query('ROLLBACK');
  const [output] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!output) throw new Error('PostgreSQL explains nothing');
  return { name, ...summarisePlan(output.Plan), ms: output['Planning Time'] + output['Execution Time'] };
}

interface ExplainOutput {
  readonly Plan: PlanNode;
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}
