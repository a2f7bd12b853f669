import type { AccessRepository, SessionAccess } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { CLOSE } from './close-codes.ts';
import { lostRight } from './live-admission.ts';
import type { LiveConnection, Patience } from './live-connection.ts';

interface RightsKeeperOptions extends Patience {
  /** Those of this gateway; whoever is closed leaves it. */
  readonly connections: ReadonlySet<LiveConnection>;
  readonly access: Pick<AccessRepository, 'ofSessions'>;
  readonly logger: Logger;
  readonly checkMs: number;
}

/** Looks missed in a row, until nobody stays whose rights are not known. */
const LOOKS_MISSED_MAX = 2;

/**
 * Starts to look, again and again, whether everybody who is connected still may be and still shows life. The database is
 * asked, once for all of them, so that it does not matter which gateway or which statement took a right away.
 */
export function rightsKeeper(options: RightsKeeperOptions): { stop(): void } {
  const { connections, access, logger, checkMs } = options;
  let isLooking = false;
  let knownAtMs = performance.now();

  async function look(): Promise<void> {
    isLooking = true;
    const looked = [...connections];
    const sessionIds = [...new Set(looked.map(({ admission }) => admission.sessionId))];
    const sessions = await sessionsOf(access, sessionIds, logger);
    isLooking = false;
    if (!sessions) return;
    knownAtMs = performance.now();
    for (const connection of looked) {
      const farewell = lostRight(connection.admission, sessions.get(connection.admission.sessionId));
      if (farewell) connection.close(farewell);
    }
  }

  const timer = setInterval(() => {
    if (connections.size === 0) {
      knownAtMs = performance.now();
      return;
    }
    for (const connection of connections) connection.checkLife(options);
    if (performance.now() - knownAtMs > (LOOKS_MISSED_MAX + 0.5) * checkMs) {
      for (const connection of connections) {
        connection.close({ code: CLOSE.tryAgainLater, reason: 'PostgreSQL is away; try again in 5 s' });
      }
    }
    // One that hangs is not asked again before it answers or fails.
    if (!isLooking) void look();
  }, checkMs);
  return { stop: () => clearInterval(timer) };
}

/** Null when that cannot be found out now. */
async function sessionsOf(
  access: Pick<AccessRepository, 'ofSessions'>,
  sessionIds: readonly string[],
  logger: Logger,
): Promise<ReadonlyMap<string, SessionAccess> | null> {
  try {
    return await access.ofSessions(sessionIds);
  } catch (error) {
    logger.warn('the rights of those who are connected are not known', { error });
    return null;
  }
}
