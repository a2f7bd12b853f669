// What faults look at while they last.
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess } from '../platform/managed-process.ts';
import type { Answer } from '../platform/api-client.ts';
import type { ChaosPlatform } from '../platform/platform.ts';
import type { FaultContext } from './fault.ts';

const POLL_MS = 50;
/** Far above what anything takes here, also on a busy machine, in milliseconds. */
export const DEADLINE_MS = 240_000;

/** A scan that a process is at work on. */
export interface HeldScan {
  readonly id: string;
  readonly attempt: number;
  readonly released_count: number;
}

/** Scans that this worker has claimed and not lost. */
export function heldScans({ database }: ChaosPlatform, worker: ManagedProcess): Promise<HeldScan[]> {
  return database.sql<HeldScan & Record<string, unknown>>(
    `SELECT id, attempt, released_count FROM scan_results
      WHERE status = 'running' AND lease_until > now() AND worker_id LIKE '%-' || $1 || '-%'`,
    [worker.pid()],
  );
}

/** Waits until a condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`in vain it was waited until ${what}`);
    await delay(POLL_MS);
  }
}

/** Waits until so many of these scans at least are over. */
export function untilOver(
  platform: ChaosPlatform,
  ids: readonly string[],
  count = ids.length,
): Promise<void> {
  return until(`${count} of ${ids.length} scans are over`, async () => {
    const [row] = await platform.database.sql<{ count: number }>(
      'SELECT count(*)::int FROM scan_results WHERE id = ANY($1) AND finished_at IS NOT NULL',
      [ids],
    );
    return (row?.count ?? 0) >= count;
  });
}

/** While the gateway is up, scans must be accepted. */
export async function expectAccepted(
  { platform, expect }: FaultContext,
  when: string,
): Promise<string | null> {
  const id = await platform.client.submit(platform.siteUrl('probe', '?probe'));
  expect(id !== null, `no scan was accepted ${when}`);
  return id;
}

/** While the gateway and PostgreSQL are up, scans must be shown. */
export async function expectShown({ platform, expect }: FaultContext, when: string): Promise<void> {
  const answer = await platform.client.request('/scans?limit=1');
  expect(answer?.status === 200, `scans were not shown ${when}: ${wordsOf(answer)}`);
}

/** While PostgreSQL is away, the gateway must say when to come again, and soon. */
export async function expectComeAgain(
  { platform, expect, checksTimes, say }: FaultContext,
  when: string,
): Promise<void> {
  const answer = await platform.client.request('/scans?limit=1');
  expect(answer?.status === 503, `${when} the gateway did not answer 503: ${wordsOf(answer)}`);
  if (!answer) return;
  say(`503 after ${Math.round(answer.durationMs)} ms`);
  expect(!checksTimes || answer.durationMs < 5_000, `${when} a 503 took ${Math.round(answer.durationMs)} ms`);
}

function wordsOf(answer: Answer | null): string {
  return answer === null ? 'no answer' : `${answer.status} ${answer.text.slice(0, 200)}`;
}
