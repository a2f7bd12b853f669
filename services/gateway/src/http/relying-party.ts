import type { RelyingParty } from '@cookie-scanner/auth';
import type { Request } from 'express';

/**
 * Who we are to passkeys: the configured address; without one, `localhost` on the port that was really called, as browsers
 * make no keys for IP addresses. Never what a request calls us.
 */
export function relyingPartyOf(publicUrl: string | null, request: Request): RelyingParty {
  const { hostname, origin } = new URL(publicUrl ?? `http://localhost:${request.socket.localPort ?? 0}`);
  return { id: hostname, origin };
}
