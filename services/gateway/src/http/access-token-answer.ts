import type { SignedIn } from '@cookie-scanner/auth';
import type { Token } from '@cookie-scanner/contracts';

/** What a client gets of a session: the access token. The refresh token travels in its cookie alone. */
export function accessTokenAnswer(session: Pick<SignedIn, 'accessToken' | 'expiresInSeconds'>): Token {
  return {
    accessToken: session.accessToken,
    tokenType: 'Bearer',
    expiresInSeconds: session.expiresInSeconds,
  };
}
