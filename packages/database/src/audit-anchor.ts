import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { AuditAnchor } from '@cookie-scanner/contracts';

/** A place of a chain that can be signed. */
type AuditPlace = Pick<AuditAnchor, 'kind' | 'chain' | 'sequence' | 'hash'>;

/** Signs places of the audit log. */
export interface AuditSigner {
  /** Of the key that signs, as in `AuditAnchor`. */
  readonly keyId: string;
  /** What others need to check its signatures, as base64url; no secret. */
  readonly publicKey: string;
  sign(place: AuditPlace, at: Date): AuditAnchor;
  /** Whether a signature is good; also that of another one when its public key is given. */
  readonly judge: AnchorJudge;
}

/** What a signature is worth: `unknown` when it names a key that is not known here. */
export type AnchorJudge = (anchor: AuditAnchor) => 'good' | 'forged' | 'unknown';

/** An Ed25519 public key in X.509 is these bytes and its own 32. @see https://www.rfc-editor.org/rfc/rfc8410 */
const PUBLIC_KEY_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_KEY_BYTES = 32;

/** A signer with an Ed25519 private key. */
export function auditSigner(privateKey: KeyObject): AuditSigner {
  const publicKey = createPublicKey(privateKey)
    .export({ type: 'spki', format: 'der' })
    .subarray(PUBLIC_KEY_HEAD.length)
    .toString('base64url');
  const keyId = anchorKeyId(publicKey);
  return {
    keyId,
    publicKey,
    sign(place, at) {
      const signed = { ...place, signedAt: at.toISOString(), keyId };
      return { ...signed, signature: sign(null, contentOf(signed), privateKey).toString('base64url') };
    },
    judge: anchorJudge([publicKey]),
  };
}

/**
 * Judges signatures by public keys, each as base64url.
 *
 * @throws TypeError when one is no Ed25519 public key
 */
export function anchorJudge(publicKeys: readonly string[]): AnchorJudge {
  const keys = new Map(publicKeys.map((publicKey) => [anchorKeyId(publicKey), keyObject(publicKey)]));
  return (anchor) => {
    const key = keys.get(anchor.keyId);
    if (!key) return 'unknown';
    const signature = Buffer.from(anchor.signature, 'base64url');
    return verify(null, contentOf(anchor), key, signature) ? 'good' : 'forged';
  };
}

/** The name of a key in anchors. */
function anchorKeyId(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16);
}

function keyObject(publicKey: string): KeyObject {
  const bytes = Buffer.from(publicKey, 'base64url');
  if (bytes.length !== PUBLIC_KEY_BYTES) throw new TypeError('an Ed25519 public key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([PUBLIC_KEY_HEAD, bytes]), format: 'der', type: 'spki' });
}

/** One field a line; none of them can hold a line break. */
function contentOf({ kind, chain, sequence, hash, signedAt, keyId }: Omit<AuditAnchor, 'signature'>): Buffer {
  const lines = ['cookie-scanner audit anchor 1', kind, chain, sequence, hash, signedAt, keyId];
  return Buffer.from(lines.join('\n'), 'utf8');
}
