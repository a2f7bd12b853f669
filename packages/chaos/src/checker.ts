import { setTimeout as delay } from 'node:timers/promises';
import type { TestDatabase } from '@cookie-scanner/database/testing';

type Sql = TestDatabase['sql'];

/** What clients know: the ids that were acknowledged, and how many submissions were not answered. */
export interface History {
  readonly acknowledged: readonly string[];
  /** Submissions of which it is not known whether they were accepted. */
  readonly unansweredCount: number;
}

const POLL_MS = 250;

/**
 * Waits until everything that was accepted has ended and everybody was told, then looks for what was lost or doubled.
 *
 * @param deadlineMs - how long the platform may take to come to rest
 * @returns what is wrong, in words; empty when nothing is
 */
export async function checkHistory(sql: Sql, history: History, deadlineMs: number): Promise<string[]> {
  const restless = await untilAtRest(sql, deadlineMs);
  return [
    ...restless,
    ...(await unknownScans(sql, history)),
    ...(await wrongEnds(sql, history.acknowledged)),
  ];
}

const OPEN = `
  SELECT id, status::text, status_reason FROM scan_results AS scan
   WHERE finished_at IS NULL
      OR NOT EXISTS (SELECT FROM notifications WHERE scan_id = scan.id AND state = 'sent')`;

async function untilAtRest(sql: Sql, deadlineMs: number): Promise<string[]> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const open = await sql<{ id: string; status: string }>(`${OPEN} LIMIT 10`);
    if (open.length === 0) return [];
    if (performance.now() > deadline) {
      return open.map(({ id, status }) => `scan ${id} has not come to its end: ${status}`);
    }
    await delay(POLL_MS);
  }
}

async function unknownScans(sql: Sql, { acknowledged, unansweredCount }: History): Promise<string[]> {
  const rows = await sql<{ id: string }>('SELECT id FROM scan_results');
  const known = new Set(rows.map(({ id }) => id));
  const lost = acknowledged.filter((id) => !known.has(id)).map((id) => `scan ${id} was accepted and is gone`);
  const extra = known.size + lost.length - new Set(acknowledged).size;
  if (extra <= unansweredCount) return lost;
  return [...lost, `${extra} scans are there that nobody was told of, after ${unansweredCount} lost answers`];
}

/** Each of these finds scans whose end is not what it must be. */
const FLAWS: Readonly<Record<string, string>> = {
  'did not end well': `scan.status <> 'success'`,
  'has not the two cookies of its result': `(SELECT count(*) FROM cookies WHERE scan_id = scan.id) <> 2`,
  'was not judged once': `(SELECT count(*) FROM cookies WHERE scan_id = scan.id AND classification IS NOT NULL) <> 2`,
  'has not one report of each kind, ready': `
    (SELECT array_agg(format::text || ' ' || state ORDER BY format) FROM reports WHERE scan_id = scan.id)
      IS DISTINCT FROM ARRAY['html ready', 'json ready']`,
  'was not told of once to each': `
    (SELECT count(*) > 0 AND count(*) = count(DISTINCT (channel, recipient)) FROM notifications WHERE scan_id = scan.id)
      IS NOT TRUE`,
  'has a result that is not of its newest attempt': `
    observation_key IS DISTINCT FROM 'scans/' || scan.id || '/' || attempt || '/observation.json.gz'`,
};

async function wrongEnds(sql: Sql, acknowledged: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const [flaw, condition] of Object.entries(FLAWS)) {
    const rows = await sql<{ id: string; facts: string }>(
      `SELECT id, concat_ws(' ', status, status_reason, 'attempt', attempt) AS facts FROM scan_results AS scan
        WHERE id = ANY($1) AND ${condition} LIMIT 5`,
      [acknowledged],
    );
    problems.push(...rows.map(({ id, facts }) => `scan ${id} ${flaw}: ${facts}`));
  }
  return problems;
}
