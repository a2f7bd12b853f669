import { createHmac } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

/**
 * The token that a mail carries, worked out from the id of its row. Whoever knows the key can do so: the gateway, which
 * keeps its hash, and the notifier, which mails it. So no queue and no table ever holds the token (docs/adr/0070).
 */
export function mailedToken(
  { mailedToken: key }: Pick<AuthKeys, 'mailedToken'>,
  userTokenId: string,
): string {
  return createHmac('sha256', key).update(userTokenId).digest('base64url');
}
