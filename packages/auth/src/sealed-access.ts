import { siteAccessSchema, type SiteAccess } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuthKeys } from './auth-keys.ts';
import { openSecret, sealSecret } from './token/sealed-secret.ts';

/** Encrypts what opens a site, for one scan: in the row of another it does not open. */
export function sealAccess(
  { siteAccess }: Pick<AuthKeys, 'siteAccess'>,
  scanId: string,
  access: SiteAccess,
): Buffer {
  return sealSecret({ seal: siteAccess }, scanId, JSON.stringify(access));
}

/**
 * Decrypts what `sealAccess` made.
 *
 * @throws AppError ACCESS_UNREADABLE when it was changed, or made with another key or by a newer version
 */
export function openAccess(
  { siteAccess }: Pick<AuthKeys, 'siteAccess'>,
  scanId: string,
  sealed: Uint8Array,
): SiteAccess {
  try {
    return siteAccessSchema.parse(JSON.parse(openSecret({ seal: siteAccess }, scanId, sealed)));
  } catch {
    // The reason is left out on purpose: it could quote what was decrypted.
    throw new AppError(
      'ACCESS_UNREADABLE',
      'What opens the site cannot be decrypted. Do gateway and worker have the same AUTH_ENCRYPTION_KEY?',
    );
  }
}
