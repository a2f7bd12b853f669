// `npm run test:chaos`: breaks a platform for as long as it is told, on servers of its own.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { catchInterruptions, EXIT_CODES, startTestServers } from '@cookie-scanner/local-stack';
import { runChaos } from './run-chaos.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const USAGE = 'npm run test:chaos -- [--minutes 1] [--seed 42]';
const MINUTES_MAX = 24 * 60;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function readArguments(args: readonly string[]): { minutes: number; seed: number } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } },
    });
    const minutes = Number(values.minutes);
    const seed = Number(values.seed ?? Date.now() % 1_000_000);
    const isGood = minutes > 0 && minutes <= MINUTES_MAX && Number.isSafeInteger(seed) && seed >= 0;
    return isGood ? { minutes, seed } : null;
  } catch {
    return null; // An option that does not exist; the usage says which ones do.
  }
}

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2));
  if (!wanted) {
    say(`Use it as ${USAGE}: minutes up to ${MINUTES_MAX}, seed a whole number from 0.`);
    return EXIT_CODES.usage;
  }
  const servers = await startTestServers({
    rootDir: ROOT,
    environment: process.env,
    announce: (phrase) => say(`… ${phrase}`),
    signal: catchInterruptions().first,
  });
  try {
    process.env['TEST_DATABASE_URL'] = servers.databaseUrl;
    process.env['TEST_REDIS_URL'] = servers.redisUrl;
    const { problems } = await runChaos({
      seed: wanted.seed,
      durationMs: wanted.minutes * 60_000,
      searchPath: process.env['PATH'] ?? '',
      say,
    });
    for (const problem of problems) say(problem);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await servers.stop();
  }
}

process.exitCode = await main();
