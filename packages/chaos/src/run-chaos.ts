import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from './checker.ts';
import { FAULTS } from './faults.ts';
import { openChaosPlatform, type ChaosPlatform } from './platform.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';

/** How much is broken. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long faults follow one another. */
  readonly durationMs: number;
  /** Where the processes of the platform look for programs. */
  readonly searchPath: string;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface ChaosVerdict {
  readonly acceptedCount: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly problems: readonly string[];
  /** From the last fault until everything had come to its end, in milliseconds. */
  readonly settledMs: number;
}

const SUBMISSIONS_AT_ONCE = 4;
/** Scans that are under way or wait when the first fault strikes. */
const BACKLOG_SIZE = 40;
/** Generous: a run that is at rest ends at once, and a busy machine must not look like a fault. */
const SETTLE_DEADLINE_MS = 600_000;
const START_DEADLINE_MS = 240_000;

/** Breaks a platform for a while, lets it come to rest, and looks for what was lost or doubled. */
export async function runChaos({ seed, durationMs, searchPath, say }: ChaosOptions): Promise<ChaosVerdict> {
  say(`seed ${seed}`);
  const random = seededRandom(seed);
  const platform = await openChaosPlatform(searchPath);
  try {
    const sql: typeof platform.database.sql = (text, values) => platform.database.sql(text, values);
    const first = await firstScan(platform);
    const unfinished = await checkHistory(
      sql,
      { acknowledged: [first], unansweredCount: 0 },
      SETTLE_DEADLINE_MS,
    );
    if (unfinished.length > 0) throw new Error(`the platform does not work: ${unfinished.join('; ')}`);
    say('everything works; now it is broken');
    const backlog = await Promise.all(
      Array.from({ length: BACKLOG_SIZE }, (_, n) =>
        platform.submit(`https://early-${n}.example/?takes=2000`),
      ),
    );
    const over = new AbortController();
    const submitted = Promise.all(
      Array.from({ length: SUBMISSIONS_AT_ONCE }, (_, n) => keepSubmitting(platform, over.signal, n)),
    );
    await strikeFaults(platform, random, durationMs, say);
    over.abort();
    const answers = [first, ...backlog, ...(await submitted).flat()];
    const acknowledged = answers.filter((id) => id !== null);
    const restAtMs = performance.now();
    const history = { acknowledged, unansweredCount: answers.length - acknowledged.length };
    const problems = await checkHistory(sql, history, SETTLE_DEADLINE_MS);
    const settledMs = Math.round(performance.now() - restAtMs);
    say(`${acknowledged.length} scans accepted, ${problems.length} problems, at rest after ${settledMs} ms`);
    return { acceptedCount: acknowledged.length, problems, settledMs };
  } finally {
    await platform.close();
  }
}

/** The id of a scan that was accepted before anything was broken. */
async function firstScan(platform: ChaosPlatform): Promise<string> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    const id = await platform.submit('https://first.example/');
    if (id !== null) return id;
    await delay(200);
  }
  throw new Error('the platform accepts no scan');
}

async function strikeFaults(
  platform: ChaosPlatform,
  random: SeededRandom,
  durationMs: number,
  say: (line: string) => void,
): Promise<void> {
  const startMs = performance.now();
  const first = [...FAULTS];
  while (performance.now() - startMs < durationMs) {
    await delay(random.between(300, 1_500));
    // Each kind once at first, then by chance.
    const fault = first.splice(random.between(0, Math.max(1, first.length)), 1)[0] ?? random.pick(FAULTS);
    say(`${((performance.now() - startMs) / 1_000).toFixed(1)} s: ${fault.name}`);
    await fault.strike(platform, random);
  }
}

/** Submits one scan after the other, and remembers each answer; null for none. */
async function keepSubmitting(
  platform: ChaosPlatform,
  over: AbortSignal,
  client: number,
): Promise<(string | null)[]> {
  const answers: (string | null)[] = [];
  for (let n = 0; !over.aborted; n += 1) {
    answers.push(await platform.submit(`https://site-${client}-${n}.example/?takes=200`));
    await delay(150);
  }
  return answers;
}
