import type { IncomingMessage } from 'node:http';
import type { LiveAdmission } from '@cookie-scanner/contracts';
import type { AccessRepository, SessionAccess } from '@cookie-scanner/database';
import { hasForeignOrigin } from '../middleware/cross-site-guard.middleware.ts';
import { isHostAllowed, type HostCheck } from '../middleware/host-guard.middleware.ts';
import { CLOSE, type Farewell } from './close-codes.ts';

/** The subprotocol that the connection speaks; the other one that a client offers is its ticket. */
export const LIVE_PROTOCOL = 'cookie-scanner';

interface Gate {
  readonly takeTicket: (ticket: string) => Promise<LiveAdmission | null>;
  readonly access: Pick<AccessRepository, 'ofSession'>;
  readonly isAllowedHost: HostCheck;
  /** Origins of other sites whose pages may use the API. */
  readonly corsOrigins: ReadonlySet<string>;
}

/**
 * Decides whether somebody may come in, and where: by the page that asks, the ticket, and their rights of this moment.
 *
 * @throws AppError REDIS_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function admit(request: IncomingMessage, gate: Gate): Promise<LiveAdmission | Farewell> {
  if (!isFromOurs(request, gate)) return { code: CLOSE.forbidden, reason: 'not from a page of ours' };
  const admission = await gate.takeTicket(ticketOf(request));
  if (!admission) return { code: CLOSE.noTicket, reason: 'no ticket, or none that is good any more' };
  return lostRight(admission, await gate.access.ofSession(admission.sessionId)) ?? admission;
}

/** Why somebody who was admitted may not stay, by what their session is good for now; null when they may. */
export function lostRight(
  admission: LiveAdmission,
  session: SessionAccess | null | undefined,
): Farewell | null {
  const isGood =
    session?.isOpen === true && session.state === 'active' && session.userId === admission.userId;
  if (!isGood) return { code: CLOSE.forbidden, reason: 'signed out' };
  const membership = session.memberships.find(({ workspaceId }) => workspaceId === admission.workspaceId);
  if (!membership) return { code: CLOSE.forbidden, reason: 'no member of the workspace' };
  if (membership.role !== admission.role) {
    return { code: CLOSE.forbidden, reason: 'your role changed; come back with a new ticket' };
  }
  return null;
}

/** A browser always says which page asks; a program says nothing, and nobody rides on it. */
function isFromOurs({ headers }: IncomingMessage, { isAllowedHost, corsOrigins }: Gate): boolean {
  if (!isHostAllowed(headers.host, isAllowedHost)) return false;
  return corsOrigins.has(headers.origin ?? '') || !hasForeignOrigin(headers.origin, isAllowedHost);
}

function ticketOf({ headers }: IncomingMessage): string {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return offered.find((each) => each !== LIVE_PROTOCOL) ?? '';
}
