import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ChaosPlatform } from './platform.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { ProxyMode, TcpProxy } from './tcp-proxy.ts';

/** Something that goes wrong, for as long as `strike` takes. */
export interface Fault {
  readonly name: string;
  strike(platform: ChaosPlatform, random: SeededRandom): Promise<void>;
}

/** Longer than a lease, so that who stands still for so long has lost what it worked on. */
const LONGER_THAN_A_LEASE_MS = 4_500;

/** Every fault, in the order in which a run that is long enough goes through them first. */
export const FAULTS: readonly [Fault, ...Fault[]] = [
  {
    name: 'a process is killed',
    strike: (platform, random) => {
      someProcess(platform, random).signal('SIGKILL');
      return Promise.resolve();
    },
  },
  {
    name: 'a worker stands still for longer than its lease',
    async strike(platform, random) {
      const worker = someProcess(platform, random, 'worker');
      worker.signal('SIGSTOP');
      await delay(LONGER_THAN_A_LEASE_MS);
      worker.signal('SIGCONT');
    },
  },
  { name: 'Redis forgets everything', strike: ({ redis }) => command(redis.url, 'flushall') },
  {
    name: 'connections to PostgreSQL are cut',
    strike: ({ toDatabase }) => {
      toDatabase.cut();
      return Promise.resolve();
    },
  },
  {
    name: 'Redis is killed and comes back',
    async strike({ redis }, random) {
      await redis.kill();
      await delay(random.between(200, 2_000));
      await redis.start();
    },
  },
  {
    name: 'PostgreSQL ends all sessions',
    async strike({ database }) {
      await database.sql(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    },
  },
  {
    name: 'all workers are down',
    async strike({ processes }) {
      const workers = processes.filter(({ name }) => name === 'worker');
      await Promise.all(workers.map((worker) => worker.holdDown(() => delay(2_000))));
    },
  },
  {
    name: 'everything is restarted in order',
    strike: ({ processes }) => {
      for (const each of processes) each.signal('SIGTERM');
      return Promise.resolve();
    },
  },
  {
    name: 'everything is killed at once',
    async strike({ processes, redis }) {
      for (const each of processes) each.signal('SIGKILL');
      await redis.kill();
      await redis.start();
    },
  },
  {
    name: 'PostgreSQL swallows what is sent',
    strike: (platform) => during(platform.toDatabase, 'blackhole', 3_000),
  },
  { name: 'PostgreSQL lets nobody in', strike: (platform) => during(platform.toDatabase, 'refuse', 2_000) },
  { name: 'Redis swallows what is sent', strike: (platform) => during(platform.toRedis, 'blackhole', 3_000) },
  { name: 'Redis answers slowly', strike: (platform) => during(platform.toRedis, 'slow', 3_000) },
  {
    name: 'Redis is full',
    async strike({ redis }) {
      await command(redis.url, 'config', 'set', 'maxmemory', '1mb');
      await delay(2_000);
      await command(redis.url, 'config', 'set', 'maxmemory', '0');
    },
  },
  {
    name: 'jobs are delivered twice',
    async strike({ database }) {
      await database.sql(
        `INSERT INTO outbox_events (queue, payload)
         SELECT 'scan-site', jsonb_build_object('scanId', id, 'offer', 9000 + (random() * 999999)::int)
           FROM scan_results ORDER BY queued_at DESC LIMIT 20`,
      );
    },
  },
];

async function during(proxy: TcpProxy, mode: ProxyMode, durationMs: number): Promise<void> {
  proxy.setMode(mode);
  await delay(durationMs);
  proxy.setMode('pass');
}

function someProcess(platform: ChaosPlatform, random: SeededRandom, name?: string) {
  const [first, ...others] = platform.processes.filter((each) => name === undefined || each.name === name);
  if (!first) throw new Error(`no process is called ${name}`);
  return random.pick([first, ...others]);
}

async function command(url: string, name: string, ...args: string[]): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}
