import { setTimeout as delay } from 'node:timers/promises';
import type { TestDatabase } from '@cookie-scanner/database/testing';
import type { History } from './history.ts';

type Sql = TestDatabase['sql'];

interface CheckOptions {
  /** Cookies that every scan finds. */
  readonly cookieCount: number;
  /** How long the platform may take over the next scan before it counts as stuck, in milliseconds. */
  readonly stuckAfterMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 250;

/**
 * Waits until everything that was accepted has ended and everybody was told, then looks for what was lost or doubled. It
 * knows only SQL and what clients were told.
 *
 * @returns what is wrong, in words; empty when nothing is
 */
export async function checkHistory(
  sql: Sql,
  history: History,
  { cookieCount, stuckAfterMs, signal }: CheckOptions,
): Promise<string[]> {
  const restless = await untilAtRest(sql, stuckAfterMs, signal);
  const batches = await scansOfBatches(sql, history);
  const accepted = new Map([...history.scans, ...batches.ids.map((id) => [id, 'result'] as const)]);
  const idsThat = (end: string): string[] => [...accepted.keys()].filter((id) => accepted.get(id) === end);
  return [
    ...restless,
    ...batches.problems,
    ...(await unknownScans(sql, [...accepted.keys()], history.lostCount())),
    ...(await flawedScans(sql, idsThat('result'), flawsOfResults(cookieCount))),
    ...(await flawedScans(sql, idsThat('given up'), FLAWS_OF_GIVEN_UP)),
  ];
}

const OPEN = `
  SELECT id, concat_ws(' ', status, 'attempt', attempt, 'offer', offer) AS facts FROM scan_results AS scan
   WHERE finished_at IS NULL
      OR NOT EXISTS (SELECT FROM notifications WHERE scan_id = scan.id AND state = 'sent')`;

/** However much is left over, it is at rest some day; only where nothing more comes to its end is something wrong. */
async function untilAtRest(sql: Sql, stuckAfterMs: number, signal?: AbortSignal): Promise<string[]> {
  let fewest = Number.POSITIVE_INFINITY;
  let progressMs = performance.now();
  for (;;) {
    const open = await sql<{ id: string; facts: string }>(OPEN);
    if (open.length === 0) return [];
    if (open.length < fewest) {
      fewest = open.length;
      progressMs = performance.now();
    }
    if (performance.now() > progressMs + stuckAfterMs) {
      return open.slice(0, 10).map(({ id, facts }) => `scan ${id} has not come to its end: ${facts}`);
    }
    signal?.throwIfAborted();
    await delay(POLL_MS);
  }
}

async function scansOfBatches(
  sql: Sql,
  { batches }: History,
): Promise<{ ids: string[]; problems: string[] }> {
  const rows = await sql<{ id: string; batch: string }>(
    'SELECT id, batch_id AS batch FROM scan_results WHERE batch_id = ANY($1)',
    [[...batches.keys()]],
  );
  const problems = [...batches].flatMap(([id, count]) => {
    const found = rows.filter(({ batch }) => batch === id).length;
    return found === count ? [] : [`batch ${id} was accepted with ${count} scans and has ${found}`];
  });
  return { ids: rows.map(({ id }) => id), problems };
}

async function unknownScans(sql: Sql, accepted: readonly string[], lostCount: number): Promise<string[]> {
  const rows = await sql<{ id: string }>('SELECT id FROM scan_results');
  const known = new Set(rows.map(({ id }) => id));
  const lost = accepted.filter((id) => !known.has(id)).map((id) => `scan ${id} was accepted and is gone`);
  const extra = known.size + lost.length - accepted.length;
  if (extra <= lostCount) return lost;
  return [...lost, `${extra} scans are there that nobody was told of, after ${lostCount} lost answers`];
}

/** Each of these finds scans whose end is not what it must be. */
const flawsOfResults = (cookieCount: number): Record<string, string> => ({
  'did not end well': `scan.status <> 'success'`,
  [`has not the ${cookieCount} cookies of its result`]: `
    (SELECT count(*) FROM cookies WHERE scan_id = scan.id) <> ${cookieCount}`,
  'was not judged once': `
    (SELECT count(*) FROM cookies WHERE scan_id = scan.id AND classification IS NOT NULL) <> ${cookieCount}`,
  'has not one report of each kind, ready': `
    (SELECT array_agg(format::text || ' ' || state ORDER BY format) FROM reports WHERE scan_id = scan.id)
      IS DISTINCT FROM ARRAY['html ready', 'json ready']`,
  'was not told of once to each': TOLD_OTHERWISE,
  'has a result that is not of its newest attempt': `
    observation_key IS DISTINCT FROM 'scans/' || scan.id || '/' || attempt || '/observation.json.gz'`,
});

const TOLD_OTHERWISE = `
    (SELECT count(*) > 0 AND count(*) = count(DISTINCT (channel, recipient)) FROM notifications WHERE scan_id = scan.id)
      IS NOT TRUE`;

const FLAWS_OF_GIVEN_UP: Readonly<Record<string, string>> = {
  'was not given up for the right reason': `(scan.status, status_reason) IS DISTINCT FROM ('failed', 'worker_crashed')`,
  'was started more often than it may be, or less': `attempt - released_count <> attempts_max`,
  'was given up and has a result': `EXISTS (SELECT FROM cookies WHERE scan_id = scan.id) OR observation_key IS NOT NULL`,
  'was not told of once to each': TOLD_OTHERWISE,
};

async function flawedScans(
  sql: Sql,
  ids: readonly string[],
  flaws: Readonly<Record<string, string>>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [flaw, condition] of Object.entries(flaws)) {
    const rows = await sql<{ id: string; facts: string }>(
      `SELECT id, concat_ws(' ', status, status_reason, 'attempt', attempt) AS facts FROM scan_results AS scan
        WHERE id = ANY($1) AND (${condition}) LIMIT 5`,
      [ids],
    );
    problems.push(...rows.map(({ id, facts }) => `scan ${id} ${flaw}: ${facts}`));
  }
  return problems;
}
