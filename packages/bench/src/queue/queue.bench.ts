import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { catchInterruptions, startTestServers } from '@cookie-scanner/local-stack';
import { runBareQueue } from './bare-queue.ts';
import { measureQueue, type QueueRun } from './measure-queue.ts';
import { queueTables, type QueueReport } from './queue-tables.ts';

const ROOT_DIR = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Sends scans that visit nothing the whole way, from the API to the result, with different numbers of workers, beside
 * BullMQ alone with jobs that do nothing; then some of them until people were told.
 *
 * Options: `--scans 10000` and `--singles 100` of each round, `--workers 1,2,4`, `--concurrency 4` of each worker,
 * `--follow-ups 500` scans of the last part, `--json` for one document, `--profile folder` for CPU profiles of everything.
 */
export async function queueBench(args: readonly string[], write: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scans: { type: 'string', default: '10000' },
      singles: { type: 'string', default: '100' },
      workers: { type: 'string', default: '1,2,4' },
      concurrency: { type: 'string', default: '4' },
      'follow-ups': { type: 'string', default: '500' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const sizes = { scans: count('--scans', values.scans, 1), singles: count('--singles', values.singles, 1) };
  const concurrency = count('--concurrency', values.concurrency, 1);
  const followUpCount = count('--follow-ups', values['follow-ups'], 0);
  const profileFolder = values.profile === undefined ? null : resolve(values.profile);
  if (profileFolder !== null) mkdirSync(profileFolder, { recursive: true });

  const { first: signal } = catchInterruptions();
  const environment = process.env;
  const servers = await startTestServers({ rootDir: ROOT_DIR, environment, announce: say, signal });
  const { databaseUrl, redisUrl } = servers;
  const common = { databaseUrl, redisUrl, concurrency, profileFolder };
  try {
    const rounds: QueueReport['rounds'][number][] = [];
    for (const workers of values.workers.split(',').map((text) => count('--workers', text, 1))) {
      signal.throwIfAborted();
      say(`bare BullMQ with ${workers} workers`);
      const bare = await runBareQueue({ ...common, prefix: `bare-${workers}`, workers, jobs: sizes.scans });
      say(`the platform with ${workers} workers`);
      const platform = await measureQueue({ ...common, workers, withFollowUps: false }, sizes);
      rounds.push({ workers, bare, platform });
    }
    let followUps: QueueRun | null = null;
    if (followUpCount > 0) {
      say('the platform with reports and notices');
      const followed = { scans: followUpCount, singles: 1 };
      followUps = await measureQueue({ ...common, workers: 1, withFollowUps: true }, followed);
    }
    const report: QueueReport = { scans: sizes.scans, concurrency, rounds, followUps };
    write(values.json ? JSON.stringify(report, null, 2) : queueTables(report));
  } finally {
    await servers.stop();
  }
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${option} takes whole numbers from ${least}, not ${text}`);
}

function say(step: string): void {
  process.stderr.write(`… ${step}\n`);
}
