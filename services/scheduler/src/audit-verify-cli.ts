import { checkAudit } from '@cookie-scanner/auth';
import { auditConfig, databaseConfig, encryptionKeyConfig, loadConfig } from '@cookie-scanner/config';
import { openDatabase } from '@cookie-scanner/database';
import { isAppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { parseArgs } from 'node:util';

const EXIT_CODES = { whole: 0, broken: 1, unchecked: 69 } as const;
/** It could not be checked at all. */
const EXIT_FAILED = 69;

/**
 * Checks the audit log of DATABASE_URL, where there is no checkout to run `npm run audit -- verify` in:
 *
 *   docker compose exec scheduler node /app/services/scheduler/dist/audit-verify-cli.js [--anchors file] [--public-key key]
 *
 * Exit code 0 when it is whole, 1 when it is broken, 69 when it could not be checked.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      anchors: { type: 'string', multiple: true },
      'public-key': { type: 'string', multiple: true },
    },
  });
  const sections = { audit: auditConfig, database: databaseConfig, encryptionKey: encryptionKeyConfig };
  const config = loadConfig(sections, process.env);
  const ownFile = config.audit.anchorFile === null ? [] : [config.audit.anchorFile];
  const database = openDatabase({ ...config.database, logger: silentLogger });
  try {
    const { verdict, lines } = await checkAudit(database, {
      encryptionKey: config.encryptionKey,
      publicKeys: values['public-key'] ?? [],
      anchorFiles: values.anchors ?? ownFile,
    });
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = EXIT_CODES[verdict];
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = EXIT_FAILED;
});
