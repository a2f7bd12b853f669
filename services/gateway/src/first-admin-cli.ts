import { makeFirstAdmin, passwordHasher } from '@cookie-scanner/auth';
import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import { emailSchema } from '@cookie-scanner/contracts';
import { openDatabase, userRepository } from '@cookie-scanner/database';
import { AppError, isAppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';

/**
 * Opens the first account of the installation of DATABASE_URL and prints its password, this once:
 *
 *   node dist/first-admin-cli.js ada@example.org
 */
async function main([address]: string[]): Promise<void> {
  const email = emailSchema.safeParse(address).data;
  if (email === undefined) throw new AppError('INPUT_INVALID', 'Give the mail address of the first Admin.');
  const config = loadConfig({ database: databaseConfig }, process.env);
  const database = openDatabase({ ...config.database, logger: silentLogger });
  try {
    const deps = { users: userRepository(database), passwords: passwordHasher() };
    const made = await makeFirstAdmin(deps, { email, name: 'Admin' });
    if (!made)
      throw new AppError('CONFLICT', 'There are accounts already; let one of their Admins invite you.');
    process.stdout.write(`${email} may sign in with the password ${made.password}\nIt is shown only now.\n`);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
