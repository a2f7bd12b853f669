import { checkAudit } from '@cookie-scanner/auth';
import { openDatabase } from '@cookie-scanner/database';
import { EXIT_CODES, useLocalDatabase } from '@cookie-scanner/local-stack';
import { silentLogger } from '@cookie-scanner/observability';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandContext } from '../command-context.ts';
import { liveStatus } from '../terminal/live-status.ts';

/** Options of `audit verify`, as given. */
export interface AuditVerifyCommandOptions {
  /** Files of anchors; the one of the settings or of this checkout when none is given. */
  readonly anchors?: readonly string[];
  readonly publicKey?: readonly string[];
}

const VERDICT_EXIT_CODES = {
  whole: EXIT_CODES.ok,
  broken: EXIT_CODES.failed,
  unchecked: EXIT_CODES.unavailable,
} as const;

/**
 * Checks the audit log of the platform, directly in its database: no service is asked, and none need run.
 *
 * @returns exit code
 */
export async function auditVerifyCommand(
  options: AuditVerifyCommandOptions,
  { rootDir, dataDir, workingDir, environment, terminal, interruptions }: CommandContext,
): Promise<number> {
  const status = liveStatus(terminal);
  const onProgress = (phrase: string): void => status.show(phrase);
  const place = { rootDir, dataDir, environment, onProgress, signal: interruptions.first };
  try {
    const { verdict, lines } = await useLocalDatabase(place, async (local) => {
      const database = openDatabase({ url: local.databaseUrl, poolMax: 2, logger: silentLogger });
      try {
        status.show('Checking the audit log');
        return await checkAudit(database, {
          encryptionKey: local.encryptionKey,
          publicKeys: options.publicKey ?? [],
          anchorFiles: options.anchors?.map((file) => resolve(workingDir, file)) ?? ownFile(local.anchorFile),
          onProgress: (count) => {
            interruptions.first.throwIfAborted();
            status.show(`Checking the audit log, ${count} entries so far`);
          },
        });
      } finally {
        await database.close();
      }
    });
    status.clear();
    await terminal.out(`${lines.join('\n')}\n`);
    return VERDICT_EXIT_CODES[verdict];
  } finally {
    status.clear();
  }
}

/** A platform that never signed anything has no file yet. */
function ownFile(path: string): string[] {
  return existsSync(path) ? [path] : [];
}
