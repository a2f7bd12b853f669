import { keysOfEncryptionKey, makeResetLink } from '@cookie-scanner/auth';
import { gatewayConfig, loadConfig } from '@cookie-scanner/config';
import { emailSchema } from '@cookie-scanner/contracts';
import { openDatabase, userRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { EXIT_CODES, useLocalDatabase } from '@cookie-scanner/local-stack';
import { silentLogger } from '@cookie-scanner/observability';
import type { CommandContext } from '../command-context.ts';
import { liveStatus } from '../terminal/live-status.ts';

/**
 * Prints a link by which somebody chooses a new password: for installations that send no mails.
 *
 * @returns exit code
 */
export async function resetLinkCommand(
  address: string,
  { rootDir, dataDir, environment, terminal, interruptions }: CommandContext,
): Promise<number> {
  const email = emailSchema.safeParse(address).data;
  if (email === undefined) throw new AppError('INPUT_INVALID', 'Give the mail address of the account.');
  const { gateway } = loadConfig({ gateway: gatewayConfig }, environment, rootDir);
  const publicUrl = gateway.publicUrl ?? `http://127.0.0.1:${gateway.port}`;
  const status = liveStatus(terminal);
  const onProgress = (phrase: string): void => status.show(phrase);
  try {
    const place = { rootDir, dataDir, environment, onProgress, signal: interruptions.first };
    const link = await useLocalDatabase(place, async ({ databaseUrl, encryptionKey }) => {
      const database = openDatabase({ url: databaseUrl, poolMax: 1, logger: silentLogger });
      try {
        const deps = { keys: keysOfEncryptionKey(encryptionKey), users: userRepository(database) };
        return await makeResetLink(deps, { email, publicUrl });
      } finally {
        await database.close();
      }
    });
    status.clear();
    await terminal.out(`${link}\n`);
    terminal.err(
      `With this link ${email} chooses a new password, once, within an hour, while the platform runs.\n`,
    );
    return EXIT_CODES.ok;
  } finally {
    status.clear();
  }
}
