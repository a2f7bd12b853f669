import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Announce } from '../announce.ts';
import { findOrInstallBrowser } from '../browser/find-or-install-browser.ts';
import type { Ledger } from '../programs/ledger.ts';
import { SERVICES } from '../services/service-catalog.ts';
import { checkPorts, SERVICE_HOST, type PortPolicy } from '../services/service-ports.ts';
import { startService, type RunningService } from '../services/start-service.ts';
import { startInfrastructure, type Infrastructure } from './start-infrastructure.ts';
import type { FirstAdmin } from './local-api-key.ts';
import { localSecret, type StackSettings } from './stack-settings.ts';
import { anchorFilePath } from './use-local-database.ts';

interface StartLocalStackOptions {
  /** Folder of the checkout. */
  readonly rootDir: string;
  /** Folder for data, logs and artifacts. */
  readonly dataDir: string;
  readonly ports: PortPolicy;
  readonly settings: StackSettings;
  readonly environment: NodeJS.ProcessEnv;
  readonly ledger: Ledger;
  readonly onProgress: Announce;
  /** Ends the start; what was started by then is stopped. */
  readonly signal: AbortSignal;
}

/** Address of one service, for people. */
export interface ServiceAddress {
  readonly name: string;
  readonly url: string;
}

/** Where the platform keeps its data. */
export interface StackStorage {
  /** Holds a password; not for logs. */
  readonly databaseUrl: string;
  readonly artifactsDir: string;
}

/** The whole platform, running on this machine. */
export interface LocalStack {
  readonly gatewayUrl: string;
  readonly addresses: readonly ServiceAddress[];
  readonly storage: StackStorage;
  /** The first account, when this start opened it; its password is told nowhere else. */
  readonly firstAdmin: FirstAdmin | null;
  /** Process numbers of the services, by name. */
  pids(): Record<string, number>;
  /** Stops gateway, worker, scheduler, report, notifier, Redis and PostgreSQL, in this order. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts the platform: PostgreSQL, Redis, migrations, then every service. Resolves when all of them are ready; when
 * something fails, what was started is stopped again.
 *
 * @throws AppError MACHINE_NOT_READY, PORT_TAKEN, STACK_FAILED, DISK_NOT_WRITABLE, DATABASE_UNAVAILABLE
 */
export async function startLocalStack(options: StartLocalStackOptions): Promise<LocalStack> {
  const { dataDir, ports, settings, environment, onProgress, signal } = options;
  await checkPorts(ports, environment);
  const browserExecutable = await findOrInstallBrowser({
    configured: settings.browserExecutable,
    searchPath: environment['PATH'] ?? '',
    announce: onProgress,
  });
  signal.throwIfAborted();

  onProgress('Starting PostgreSQL and Redis');
  const infrastructure = await startInfrastructure({
    ...options,
    ...settings,
    folder: dataDir,
    logFolder: join(dataDir, 'logs'),
    toolFolder: dataDir,
    isEphemeral: false,
    announce: onProgress,
  });
  try {
    await migrate(infrastructure.databaseUrl, onProgress);
    signal.throwIfAborted();
    const { openLocalAccount } = await import('./local-account.ts');
    const firstAdmin = await openLocalAccount({
      databaseUrl: infrastructure.databaseUrl,
      dataDir,
      encryptionKey: encryptionKeyOf(options),
    });
    signal.throwIfAborted();
    onProgress('Starting the services');
    const services = await startServices(
      serviceEnvironment(options, infrastructure, browserExecutable),
      options,
    );
    const { databaseUrl } = infrastructure;
    const artifactsDir = settings.artifactsDir ?? artifactsFolder(dataDir);
    return { ...runningStack(services, infrastructure), storage: { databaseUrl, artifactsDir }, firstAdmin };
  } catch (error) {
    await infrastructure.stop();
    throw error;
  }
}

async function migrate(databaseUrl: string, onProgress: Announce): Promise<void> {
  // Loaded while the servers start: it brings the migration engine with it.
  const { migrateDatabase } = await import('@cookie-scanner/database');
  const { applied } = await migrateDatabase(databaseUrl);
  if (applied.length > 0) onProgress(`Brought the database up to date (${applied.length} migrations)`);
}

function serviceEnvironment(
  { dataDir, settings, environment }: StartLocalStackOptions,
  { databaseUrl, redisUrl }: Infrastructure,
  browserExecutable: string,
): NodeJS.ProcessEnv {
  const artifactsDir = settings.artifactsDir ?? artifactsFolder(dataDir);
  mkdirSync(artifactsDir, { recursive: true });
  return {
    ...environment,
    NODE_OPTIONS: '',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    ...(settings.redisUrl === null ? { REDIS_TLS: 'false' } : {}),
    ARTIFACTS_DIR: artifactsDir,
    AUDIT_ANCHOR_FILE: settings.anchorFile ?? anchorFilePath(dataDir),
    GATEWAY_HOST: SERVICE_HOST,
    HEALTH_HOST: SERVICE_HOST,
    SCAN_BROWSER_EXECUTABLE: browserExecutable,
    SCAN_VALUE_HASH_KEY: settings.valueHashKey ?? localSecret(dataDir, 'value-hash-key'),
    JWT_SECRET: settings.jwtSecret ?? localSecret(dataDir, 'jwt-secret'),
    AUTH_ENCRYPTION_KEY: encryptionKeyOf({ dataDir, settings }),
  };
}

function encryptionKeyOf({
  dataDir,
  settings,
}: Pick<StartLocalStackOptions, 'dataDir' | 'settings'>): string {
  return settings.encryptionKey ?? localSecret(dataDir, 'auth-encryption-key');
}

/** Starts all of them at once. In the ledger they stand so that its reverse is the order of stopping. */
async function startServices(
  env: NodeJS.ProcessEnv,
  options: StartLocalStackOptions,
): Promise<RunningService[]> {
  const { rootDir, dataDir, ports, ledger, onProgress, signal } = options;
  // One that fails ends the wait for the others.
  const failure = new AbortController();
  const starts = [...SERVICES].reverse().map((service) =>
    startService(service, {
      rootDir,
      env,
      portPolicy: ports,
      logFolder: join(dataDir, 'logs'),
      ledger,
      announce: onProgress,
      signal: AbortSignal.any([signal, failure.signal]),
    }).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(starts);
  const services = results
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .reverse();
  if (services.length === SERVICES.length) return services;
  await stopServices(services);
  signal.throwIfAborted();
  throw failure.signal.reason;
}

async function stopServices(services: readonly RunningService[]): Promise<void> {
  for (const service of services) await service.stop();
}

/** Where artifacts lie unless a setting says otherwise. */
export function artifactsFolder(dataDir: string): string {
  return join(dataDir, 'artifacts');
}

function runningStack(
  services: readonly RunningService[],
  infrastructure: Infrastructure,
): Omit<LocalStack, 'storage' | 'firstAdmin'> {
  const addresses = services.map(({ name, port }) => ({ name, url: `http://${SERVICE_HOST}:${port}` }));
  return {
    gatewayUrl: addresses[0]?.url ?? '',
    addresses,
    pids: () => Object.fromEntries(services.map((service) => [service.name, service.pid])),
    async stop() {
      await stopServices(services);
      await infrastructure.stop();
    },
  };
}
