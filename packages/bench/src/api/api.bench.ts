import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scanPageSchema } from '@cookie-scanner/contracts';
import { createBenchDatabase, generateBenchData, type BenchFacts } from '@cookie-scanner/database/bench';
import { catchInterruptions, startTestServers } from '@cookie-scanner/local-stack';
import { textTable } from '../text-table.ts';
import { bulkLoad, type BulkRun } from './bulk-load.ts';
import { treeUsage } from '../engine/process-tree.ts';
import { load, type Load, type MeasuredRequest } from './load.ts';
import { BENCH_SECRETS, prepareCallers, type ApiCallers } from './prepare-api.ts';
import { startServer, type StartedServer } from './start-server.ts';

const ROOT_DIR = fileURLToPath(new URL('../../../..', import.meta.url));
const KEYS = 12;
/** Small ones first: what large ones take beyond them is what depends on their size. The second of both shows growth. */
const BULKS = [
  { urls: 1_000, times: 10 },
  { urls: 10_000, times: 10 },
  { urls: 1_000, times: 10 },
  { urls: 10_000, times: 10 },
];
/** Keeps V8 and malloc from taking memory just because there is some, so that what grows is what is kept. */
const NO_ROOM = { NODE_OPTIONS: '--max-old-space-size=120', MALLOC_ARENA_MAX: '2' };
const LISTED_SCANS = 200;
const DATA = { scanCount: 5_000, cookiesPerScan: 20 };

interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly rounds: number;
}

/**
 * Measures the gateway against a bare Express handler that sends PostgreSQL the same SQL, in turns, each in a process of
 * its own; then bulk submission.
 *
 * Options: `--seconds 5` of each turn, `--connections 16`, `--rounds 3`, of which the median counts.
 */
export async function apiBench(args: readonly string[], write: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const options = {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    rounds: Number(values.rounds),
  };
  const { first: signal } = catchInterruptions();
  const servers = await startTestServers({
    rootDir: ROOT_DIR,
    environment: process.env,
    announce: say,
    signal,
  });
  const artifacts = mkdtempSync(join(tmpdir(), 'api-bench-'));
  const database = await createBenchDatabase(servers.databaseUrl);
  const started: StartedServer[] = [];
  try {
    const facts = await generateBenchData(database.url, { ...DATA, onStep: say });
    const callers = await prepareCallers(database.url, facts.workspaceId, KEYS);
    const startGateway = async (process: Record<string, string> = {}): Promise<StartedServer> => {
      const server = await startServer(join(ROOT_DIR, 'services/gateway/dist/main.js'), {
        ENV_FILE: 'none',
        DATABASE_URL: database.url,
        REDIS_URL: servers.redisUrl,
        ARTIFACTS_DIR: artifacts,
        JWT_SECRET: BENCH_SECRETS.jwtSecret,
        AUTH_ENCRYPTION_KEY: BENCH_SECRETS.encryptionKey,
        ...process,
      });
      started.push(server);
      return server;
    };
    const gateway = await startGateway();
    const bare = await startServer(fileURLToPath(new URL('bare-server.js', import.meta.url)), {
      DATABASE_URL: database.url,
      WORKSPACE_ID: facts.workspaceId,
      USER_ID: callers.userId,
    });
    started.push(bare);
    await measure({ gateway, bare }, facts, callers, options, write);
    // In a process that did nothing else, so that its memory is that of bulk submission.
    await measureBulk(await startGateway(NO_ROOM), callers, write);
  } finally {
    for (const server of started) await server.stop();
    await database.drop();
    rmSync(artifacts, { recursive: true });
    await servers.stop();
  }
}

async function measure(
  { gateway, bare }: Record<'gateway' | 'bare', StartedServer>,
  facts: BenchFacts,
  { keys }: ApiCallers,
  options: Options,
  write: (line: string) => void,
): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const request of requests(facts, await newestScan(gateway, keys[0] ?? ''))) {
    say(`measuring ${request.name}`);
    const turns: { gateway: Turn; bare: Turn }[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      turns.push({
        gateway: await turn(gateway, request, keys, options),
        bare: await turn(bare, request, keys, options),
      });
    }
    const of = (who: 'gateway' | 'bare', what: keyof Turn): number =>
      median(turns.map((one) => one[who][what]));
    rows.push([
      request.name,
      Math.round(of('gateway', 'perSecond')),
      Math.round(of('bare', 'perSecond')),
      Number((of('gateway', 'perSecond') / of('bare', 'perSecond')).toFixed(2)),
      of('gateway', 'p99Ms'),
      of('bare', 'p99Ms'),
      Number((of('gateway', 'p99Ms') / Math.max(1, of('bare', 'p99Ms'))).toFixed(2)),
      Number(of('gateway', 'cpuMs').toFixed(2)),
      Number(of('bare', 'cpuMs').toFixed(2)),
    ]);
  }
  const head = [
    'request',
    'gateway/s',
    'bare/s',
    'ratio',
    'p99 ms',
    'bare p99 ms',
    'ratio',
    'CPU ms',
    'bare CPU ms',
  ];
  write(textTable([head, ...rows]));
}

/** One turn of load on one server; `cpuMs` is what it took for one request. */
interface Turn extends Load {
  readonly cpuMs: number;
}

async function turn(
  server: StartedServer,
  request: MeasuredRequest,
  keys: readonly string[],
  options: Options,
): Promise<Turn> {
  const cpuSeconds = (): number => treeUsage(server.pid, new Set()).cpuSeconds;
  const before = cpuSeconds();
  const done = await load(server.url, request, keys, options);
  return { ...done, cpuMs: ((cpuSeconds() - before) * 1_000) / done.count };
}

async function measureBulk(
  gateway: StartedServer,
  { keys }: ApiCallers,
  write: (line: string) => void,
): Promise<void> {
  say('measuring bulk submission');
  const runs: BulkRun[] = [];
  for (const bulk of BULKS) runs.push(await bulkLoad(gateway, keys[0] ?? '', bulk));
  write('');
  write(
    textTable([
      ['URLs at once', 'median ms', 'worst ms', 'memory MB before', 'at most', 'after'],
      ...runs.map((run) => [run.urls, run.medianMs, run.worstMs, run.beforeMb, run.peakMb, run.afterMb]),
    ]),
  );
}

/** Submits scans to show, so that the list has a full page of them; the id of the newest. */
async function newestScan({ url }: StartedServer, key: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const urls = Array.from({ length: LISTED_SCANS }, (_, n) => `https://listed-${n}.example/`);
  await fetch(`${url}/api/v1/scans/bulk`, { method: 'POST', headers, body: JSON.stringify({ urls }) });
  const list = await fetch(`${url}/api/v1/scans?limit=1`, { headers });
  const id = scanPageSchema.parse(await list.json()).items[0]?.id;
  if (id === undefined) throw new Error('the gateway shows no scan');
  return id;
}

function requests({ cookieName }: BenchFacts, scanId: string): MeasuredRequest[] {
  return [
    { name: 'POST /scans', method: 'POST', path: '/scans', body: '{"url":"https://bench.example/"}' },
    { name: 'GET /scans/:id', method: 'GET', path: `/scans/${scanId}` },
    { name: 'GET /scans', method: 'GET', path: '/scans' },
    { name: 'GET /cookies?name', method: 'GET', path: `/cookies?name=${encodeURIComponent(cookieName)}` },
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function say(step: string): void {
  process.stderr.write(`… ${step}\n`);
}
