import { keysOfEncryptionKey, makeResetLink } from '@cookie-scanner/auth';
import { databaseConfig, encryptionKeyConfig, gatewayConfig, loadConfig } from '@cookie-scanner/config';
import { emailSchema } from '@cookie-scanner/contracts';
import { openDatabase, userRepository } from '@cookie-scanner/database';
import { AppError, isAppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';

/**
 * Prints a link to choose a new password with, where there is no checkout to run `npm run account -- reset-link` in:
 *
 *   docker compose exec gateway node /app/services/gateway/dist/reset-link-cli.js ada@example.org
 */
async function main([address]: string[]): Promise<void> {
  const email = emailSchema.safeParse(address).data;
  if (email === undefined) throw new AppError('INPUT_INVALID', 'Give the mail address of the account.');
  const sections = { database: databaseConfig, encryptionKey: encryptionKeyConfig, gateway: gatewayConfig };
  const config = loadConfig(sections, process.env);
  const database = openDatabase({ ...config.database, logger: silentLogger });
  try {
    const deps = { keys: keysOfEncryptionKey(config.encryptionKey), users: userRepository(database) };
    const publicUrl = config.gateway.publicUrl ?? `http://127.0.0.1:${config.gateway.port}`;
    process.stdout.write(`${await makeResetLink(deps, { email, publicUrl })}\n`);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
