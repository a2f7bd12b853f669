import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const CODE_BYTES = 32;
/** How long somebody may look for their key. */
const LIFETIME_MS = 300_000;

/** What a challenge may be answered for. */
export type ChallengePurpose = 'passkey-registration' | 'passkey-login' | 'passkey-step-up';

type Keys = Pick<AuthKeys, 'passkeyChallenge'>;

/**
 * A challenge for a key to sign. It carries its own time and code, so that strangers who ask for many leave nothing behind;
 * that each is answered once, the row of the key says.
 *
 * @param owner - id of the account it is for; null where that is not known yet
 */
export function newChallenge(
  keys: Keys,
  purpose: ChallengePurpose,
  owner: string | null,
  nowMs = Date.now(),
): Buffer {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(nowMs, 0, TIME_BYTES);
  const body = Buffer.concat([randomBytes(NONCE_BYTES), time]);
  return Buffer.concat([body, codeOf(keys, body, purpose, owner)]);
}

/** When a challenge of ours was made; null when it is none of ours, for something or somebody else, or too old. */
export function challengeTime(
  keys: Keys,
  text: string,
  purpose: ChallengePurpose,
  owner: string | null,
  nowMs = Date.now(),
): Date | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== NONCE_BYTES + TIME_BYTES + CODE_BYTES) return null;
  const body = bytes.subarray(0, -CODE_BYTES);
  if (!timingSafeEqual(codeOf(keys, body, purpose, owner), bytes.subarray(-CODE_BYTES))) return null;
  const madeMs = body.readUIntBE(NONCE_BYTES, TIME_BYTES);
  return madeMs <= nowMs && nowMs - madeMs <= LIFETIME_MS ? new Date(madeMs) : null;
}

function codeOf(
  { passkeyChallenge }: Keys,
  body: Buffer,
  purpose: ChallengePurpose,
  owner: string | null,
): Buffer {
  return createHmac('sha256', passkeyChallenge)
    .update(`${purpose}.${owner ?? ''}.`)
    .update(body)
    .digest();
}
