import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Announce } from '../announce.ts';
import { findOrInstallBrowser } from '../browser/find-or-install-browser.ts';
import { openLedger } from '../programs/ledger.ts';
import { startGuardian } from '../programs/start-guardian.ts';
import { identifyProcess } from '../process-identity.mjs';
import { sweepLedgers } from '../programs/sweep.ts';
import { startInfrastructure } from '../stack/start-infrastructure.ts';

interface StartTestServersOptions {
  readonly rootDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly announce: Announce;
  readonly signal: AbortSignal;
}

/** What one run of the tests works with; another run at the same time has its own. */
export interface TestServers {
  /** A superuser's. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Makes sure that a program which uses the servers ends, should this process be killed. */
  watchOver(name: string, pid: number): void;
  /** Stops the servers and removes their data. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL and Redis for one run of the tests, on free ports and in a temporary folder, and makes sure of a
 * browser. Leftovers of runs that were killed are removed.
 *
 * @throws AppError MACHINE_NOT_READY, STACK_FAILED, DISK_NOT_WRITABLE
 */
export async function startTestServers({
  rootDir,
  environment,
  announce,
  signal,
}: StartTestServersOptions): Promise<TestServers> {
  const dataDir = join(rootDir, '.cookie-scanner');
  const ledgerFolder = join(dataDir, 'test-runs');
  await sweepLedgers(ledgerFolder);
  await findOrInstallBrowser({
    configured: environment['SCAN_BROWSER_EXECUTABLE'] ?? null,
    searchPath: environment['PATH'] ?? '',
    announce,
  });

  const ledger = openLedger(join(ledgerFolder, `${process.pid}.json`));
  const guardian = startGuardian(ledger.path);
  const folder = mkdtempSync(join(tmpdir(), 'cookie-scanner-test-'));
  ledger.addFolder(folder);
  // The account that PostgreSQL runs as must get through.
  chmodSync(folder, 0o711);
  const stopRest = async (): Promise<void> => {
    ledger.close();
    await guardian.dismiss();
  };

  try {
    announce('Starting PostgreSQL and Redis for this run');
    const infrastructure = await startInfrastructure({
      folder,
      logFolder: join(dataDir, 'logs', 'tests'),
      toolFolder: dataDir,
      isEphemeral: true,
      databaseUrl: null,
      redisUrl: null,
      environment,
      ledger,
      announce,
      signal,
    });
    const { databaseUrl, redisUrl } = infrastructure;
    return {
      databaseUrl,
      redisUrl,
      watchOver(name, pid) {
        const identity = identifyProcess(pid);
        if (identity) ledger.addProgram({ name, identity, stopSignal: 'SIGTERM' });
      },
      async stop() {
        await infrastructure.stop();
        await stopRest();
      },
    };
  } catch (error) {
    await stopRest();
    throw error;
  }
}
