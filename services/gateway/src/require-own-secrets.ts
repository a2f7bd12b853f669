import { DEVELOPMENT_SECRET } from '@cookie-scanner/config';
import { AppError } from '@cookie-scanner/errors';

/**
 * Refuses the secrets that everybody can read in our sources, also on a developer's machine: whoever knows them can sign
 * in as anybody.
 *
 * @throws AppError CONFIG_INVALID
 */
export function requireOwnSecrets(secrets: { jwtSecret: string; encryptionKey: string }): void {
  if (secrets.jwtSecret !== DEVELOPMENT_SECRET && secrets.encryptionKey !== DEVELOPMENT_SECRET) return;
  throw new AppError(
    'CONFIG_INVALID',
    'Set JWT_SECRET and AUTH_ENCRYPTION_KEY, each to a secret of its own (openssl rand -hex 32). `npm start` makes them by itself.',
  );
}
