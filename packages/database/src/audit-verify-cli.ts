import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import { isAppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { auditRepository } from './audit.repository.ts';
import { openDatabase } from './open-database.ts';

/**
 * `audit:verify`: checks every row of the audit log of DATABASE_URL, chain by chain. Exit code 1 when a row was changed,
 * removed or moved, 70 when it could not be checked.
 */
async function main(): Promise<void> {
  const config = loadConfig({ database: databaseConfig }, process.env);
  const database = openDatabase({ ...config.database, logger: silentLogger });
  try {
    const audit = auditRepository(database);
    const chains = await audit.chains();
    for (const chain of chains) {
      const place = await audit.firstBroken(chain);
      const verdict = place === null ? 'is whole' : `is BROKEN from row ${place} on`;
      process.stdout.write(`chain ${chain} ${verdict}\n`);
      if (place !== null) process.exitCode = 1;
    }
    if (chains.length === 0) process.stdout.write('the audit log is empty\n');
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = 70;
});
