import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keysOfEncryptionKey, makeApiKey, passwordHasher } from '@cookie-scanner/auth';
import { apiKeyCreateSchema } from '@cookie-scanner/contracts';
import {
  apiKeyRepository,
  DEFAULT_WORKSPACE_ID,
  openDatabase,
  userRepository,
} from '@cookie-scanner/database';
import { silentLogger } from '@cookie-scanner/observability';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SECRET = 'a secret of the backup test, longer than 32 characters';

/** Who can sign in. */
export const PERSON = { email: 'keeper@example.org', password: 'nine purple lanterns' };

/** Where a platform keeps what it has. */
interface PlatformPlaces {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly artifactsDir: string;
  /** Of what the services say. */
  readonly logPath: string;
  /** Where the services look for programs. */
  readonly searchPath: string;
}

/** The services of the platform, with an engine that visits nothing. */
export interface RestorablePlatform {
  /** Below `/api/v1`, with a key when one is given. */
  ask(path: string, init?: { key?: string; body?: unknown }): Promise<Response>;
  readonly worker: ChildProcess;
  /** Kills all of them at once, as the loss of a machine does. Safe to repeat. */
  kill(): Promise<void>;
}

/** Starts every service; resolves when the gateway listens. */
export async function startRestorablePlatform(places: PlatformPlaces): Promise<RestorablePlatform> {
  const log = openSync(places.logPath, 'a');
  const env = {
    PATH: places.searchPath,
    DATABASE_URL: places.databaseUrl,
    REDIS_URL: places.redisUrl,
    REDIS_PREFIX: 'backup',
    ARTIFACTS_DIR: places.artifactsDir,
    ...{ HEALTH_PORT: '0', GATEWAY_PORT: '0' },
    ...{ JWT_SECRET: `${SECRET}, for tokens`, AUTH_ENCRYPTION_KEY: SECRET },
    ...{ SCAN_CONCURRENCY: '2', SCAN_LEASE_MS: '3000', SCAN_MAX_ATTEMPTS: '20', QUEUE_LOST_AFTER_MS: '3000' },
    ...{ SCAN_SITE_CONCURRENCY_MAX: '1000', SCAN_SITE_GAP_MS: '0' },
  };
  const children: ChildProcess[] = [];
  const start = (path: string, isHeard = false): ChildProcess => {
    const child = spawn(process.execPath, [join(ROOT, path)], {
      env,
      stdio: ['ignore', isHeard ? 'pipe' : log, log],
    });
    children.push(child);
    return child;
  };
  const gateway = start('services/gateway/dist/main.js', true);
  const worker = start('services/worker/test/trivial-worker.ts');
  for (const name of ['scheduler', 'report', 'notifier']) start(`services/${name}/dist/main.js`);
  let isKilled = false;
  const kill = async (): Promise<void> => {
    if (isKilled) return;
    isKilled = true;
    const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = Promise.all(running.map((child) => once(child, 'exit')));
    for (const child of running) child.kill('SIGKILL');
    await ended;
    closeSync(log);
  };
  try {
    const port = await portOf(gateway);
    return {
      worker,
      kill,
      ask: (path, { key, body } = {}) =>
        fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            'Content-Type': 'application/json',
            ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** The port that a gateway says that it listens on. */
async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('the gateway is not heard');
  let port: number | undefined;
  for await (const line of createInterface({ input: stdout })) {
    const entry = JSON.parse(line) as { message: string; port?: number };
    if (entry.message === 'gateway is listening') port = entry.port;
    if (port !== undefined) break;
  }
  if (port === undefined) throw new Error('the gateway did not start');
  // What it says later is of no use here, and must not fill the pipe.
  stdout.resume();
  return port;
}

/** Opens the account of `PERSON`, an Admin, and makes a key that may submit and read scans. */
export async function openAccount(databaseUrl: string): Promise<string> {
  const database = openDatabase({ url: databaseUrl, logger: silentLogger });
  const by = { actorKind: 'system' } as const;
  const users = userRepository(database);
  const passwordHash = await passwordHasher().hash(PERSON.password);
  await users.createFirstAdmin({ email: PERSON.email, name: 'Keeper', passwordHash }, by);
  const admin = await users.findCredentials({ email: PERSON.email });
  const wanted = apiKeyCreateSchema.parse({ name: 'Backup', scopes: ['scans:write', 'scans:read'] });
  const place = { workspaceId: DEFAULT_WORKSPACE_ID, userId: admin?.id ?? '' };
  const deps = { keys: keysOfEncryptionKey(SECRET), apiKeys: apiKeyRepository(database) };
  const { text } = await makeApiKey(deps, { ...wanted, ...place }, by);
  await database.close();
  return text;
}
