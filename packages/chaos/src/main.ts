// `npm run test:chaos`: breaks a platform for as long as it is told, on servers of its own.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  catchInterruptions,
  describeFailure,
  EXIT_CODES,
  Interruption,
  startTestServers,
} from '@cookie-scanner/local-stack';
import { browserEngineUse, trivialEngineUse, type EngineUse } from './platform/engine-use.ts';
import { runChaos } from './run-chaos.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const USAGE = 'npm run test:chaos -- [--minutes 3] [--seed 42] [--check-times]';
const MINUTES_MAX = 24 * 60;
/** Of the time; the rest of it the workers visit nothing. */
const SHARE_WITH_BROWSERS = 0.25;

interface Arguments {
  readonly minutes: number;
  readonly seed: number;
  readonly checksTimes: boolean;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function readArguments(args: readonly string[]): Arguments | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '3' },
        seed: { type: 'string' },
        'check-times': { type: 'boolean', default: false },
      },
    });
    const minutes = Number(values.minutes);
    const seed = Number(values.seed ?? Date.now() % 1_000_000);
    const isGood = minutes > 0 && minutes <= MINUTES_MAX && Number.isSafeInteger(seed) && seed >= 0;
    return isGood ? { minutes, seed, checksTimes: values['check-times'] } : null;
  } catch {
    return null; // An option that does not exist; the usage says which ones do.
  }
}

async function breakEverything({ minutes, ...wanted }: Arguments, signal: AbortSignal): Promise<number> {
  let problemCount = 0;
  const breakWith = async (engine: EngineUse, share: number): Promise<void> => {
    try {
      const run = { ...wanted, engine, isLong: true, searchPath: process.env['PATH'] ?? '', signal, say };
      const { problems } = await runChaos({ ...run, durationMs: minutes * 60_000 * share });
      for (const problem of problems) say(problem);
      problemCount += problems.length;
    } finally {
      await engine.close();
    }
  };
  await breakWith(trivialEngineUse(), 1 - SHARE_WITH_BROWSERS);
  await breakWith(await browserEngineUse(), SHARE_WITH_BROWSERS);
  return problemCount === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = readArguments(args);
  if (!wanted) {
    say(`Use it as ${USAGE}: minutes up to ${MINUTES_MAX}, seed a whole number from 0.`);
    return EXIT_CODES.usage;
  }
  const { first: signal } = catchInterruptions();
  // For the Redis that may have to be fetched, and the browser; PostgreSQL is one that can be broken.
  const servers = await startTestServers({
    rootDir: ROOT,
    environment: process.env,
    announce: (phrase) => say(`… ${phrase}`),
    signal,
  });
  try {
    process.env['TEST_REDIS_URL'] = servers.redisUrl;
    return await breakEverything(wanted, signal);
  } finally {
    await servers.stop();
  }
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (error instanceof Interruption) process.exit(error.exitCode);
    const failure = describeFailure(error);
    say(failure.message);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) say(error.stack ?? '');
    process.exit(failure.exitCode);
  },
);
