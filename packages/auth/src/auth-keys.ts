import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;
/** An Ed25519 private key in PKCS #8 is these bytes and its own 32. @see https://www.rfc-editor.org/rfc/rfc8410 */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The secrets of an installation, as the settings give them. */
export interface AuthSecrets {
  readonly jwtSecret: string;
  /** The one before a change; what it signed is accepted until it expires. */
  readonly jwtSecretPrevious: string | null;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly encryptionKey: string;
}

/** A key for each purpose, so that what leaks from one says nothing about another. */
export interface AuthKeys {
  readonly issuer: string;
  readonly audience: string;
  /** The first signs; all of them are accepted. */
  readonly accessToken: readonly Buffer[];
  readonly refreshToken: readonly Buffer[];
  /** Encrypts secrets of second factors. */
  readonly seal: Buffer;
  /** Goes into the hashes of API keys, of tokens that work once and of recovery codes. */
  readonly pepper: Buffer;
  /** Encrypts what opens sites to scans. */
  readonly siteAccess: Buffer;
  /** Makes the tokens that are sent by mail. */
  readonly mailedToken: Buffer;
  /** Signs challenges for passkeys. */
  readonly passkeyChallenge: Buffer;
  /** Encrypts secrets of webhooks. */
  readonly webhookSecret: Buffer;
  /** Makes secrets that the same request is shown again. */
  readonly repeatable: Buffer;
}

/** Derives the keys from the secrets. @see https://www.rfc-editor.org/rfc/rfc5869 */
export function authKeys(secrets: AuthSecrets): AuthKeys {
  const { jwtSecret, jwtSecretPrevious, encryptionKey } = secrets;
  const signing = [jwtSecret, ...(jwtSecretPrevious === null ? [] : [jwtSecretPrevious])];
  return {
    issuer: secrets.jwtIssuer,
    audience: secrets.jwtAudience,
    accessToken: signing.map((secret) => derive(secret, 'access token')),
    refreshToken: signing.map((secret) => derive(secret, 'refresh token')),
    ...keysOfEncryptionKey(encryptionKey),
  };
}

/** The keys that are made of the encryption key alone, for services that check no tokens. */
export function keysOfEncryptionKey(
  encryptionKey: string,
): Omit<AuthKeys, 'issuer' | 'audience' | 'accessToken' | 'refreshToken'> {
  return {
    seal: derive(encryptionKey, 'second factor'),
    pepper: derive(encryptionKey, 'hash of a secret'),
    siteAccess: derive(encryptionKey, 'site access'),
    mailedToken: derive(encryptionKey, 'mailed token'),
    passkeyChallenge: derive(encryptionKey, 'passkey challenge'),
    webhookSecret: derive(encryptionKey, 'webhook secret'),
    repeatable: derive(encryptionKey, 'repeatable secret'),
  };
}

/** The private key (Ed25519) that signs places of the audit log. Its public half checks them and is no secret. */
export function auditSigningKeyOf(encryptionKey: string): KeyObject {
  const key = Buffer.concat([ED25519_HEAD, derive(encryptionKey, 'audit anchor')]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `cookie-scanner ${purpose}`, KEY_BYTES));
}
