import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { liveCursorSchema, type LiveAdmission, type liveAdmissionSchema } from '@cookie-scanner/contracts';
import type { AccessRepository } from '@cookie-scanner/database';
import { isAppError } from '@cookie-scanner/errors';
import type { Logger, Metrics } from '@cookie-scanner/observability';
import type { PresentMember, Presence, Tickets } from '@cookie-scanner/redis';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import type { HostCheck } from '../middleware/host-guard.middleware.ts';
import { CLOSE, type Farewell } from './close-codes.ts';
import { admit, LIVE_PROTOCOL } from './live-admission.ts';
import { liveConnection, type LiveConnection, type Patience } from './live-connection.ts';
import { tooMany, type LiveLimits } from './live-limits.ts';
import { liveRoom, type LiveRoom } from './live-room.ts';
import { rightsKeeper } from './rights-keeper.ts';

/** Path of live connections. */
export const LIVE_PATH = '/api/v1/live';

/** Where somebody is; null before they said so. */
export const livePlaceSchema = liveCursorSchema.nullable();

/** How often live connections are looked after, in milliseconds. */
export interface LiveTiming extends Patience {
  /** Between two writings and tellings of who is where. */
  readonly tickMs: number;
  /** Between two looks at the rights of everybody. */
  readonly checkMs: number;
  /** Without Redis, until connections are closed. */
  readonly awayMaxMs: number;
}

/** With these, whoever lost a right is out within 2 s, and within 5 s also everybody whose rights cannot be looked up. */
export const LIVE_TIMING: LiveTiming = {
  ...{ tickMs: 250, checkMs: 1_500, awayMaxMs: 3_000 },
  ...{ pingAfterMs: 10_000, goneAfterMs: 30_000 },
};

/** What live connections need. */
export interface LiveDeps {
  readonly rooms: Presence<typeof livePlaceSchema>;
  readonly tickets: Tickets<typeof liveAdmissionSchema>;
  readonly limits: () => LiveLimits;
  readonly timing: LiveTiming;
}

interface LiveServerOptions extends LiveDeps {
  readonly access: Pick<AccessRepository, 'ofSession' | 'ofSessions'>;
  readonly isAllowedHost: HostCheck;
  readonly corsOrigins: ReadonlySet<string>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Who may come in, and who is there already. */
interface Admitted {
  readonly admission: LiveAdmission;
  readonly inWorkspace: readonly PresentMember<unknown>[];
}

/** The live part of a gateway. */
export interface LiveServer {
  /** Whether a request to change protocols is for it. */
  isFor(request: IncomingMessage): boolean;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends everybody to another gateway, and resolves when they are gone and the others can know. Takes a second at most. */
  close(): Promise<void>;
}

const MESSAGE_SIZE_MAX_BYTES = 65_536;
/** For the farewell of a client; then it is cut off. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Connections beyond the limit that are still told so; more are cut off at once. */
const TURNED_AWAY_MAX = 100;

const SERVER_OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  maxPayload: MESSAGE_SIZE_MAX_BYTES,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: (offered) => (offered.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
};

/** Opens the live part of a gateway: who is where in which workspace, over WebSocket. */
export function liveServer(options: LiveServerOptions): LiveServer {
  const { tickets, rooms: presence, limits, timing, access, logger } = options;
  const server = new WebSocketServer(SERVER_OPTIONS);
  const rooms = new Map<string, LiveRoom>();
  const connections = new Set<LiveConnection>();
  const leaving = new Set<Promise<void>>();
  const keeper = rightsKeeper({ connections, access, logger, ...timing });
  const gate = { ...options, takeTicket: (ticket: string) => tickets.take(ticket) };
  let isClosed = false;
  options.metrics.gauge({
    name: 'live_connections',
    help: 'Open live connections.',
    collect: (gauge) => gauge.set(connections.size),
  });

  async function receive(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const outcome = await answerTo(request);
    // Until here nothing of what they sent was read; our farewell needs their answer.
    socket.resume();
    if (socket.readyState !== socket.OPEN) return;
    const here = [...connections].map(({ admission }) => admission);
    const farewell = 'code' in outcome ? outcome : tooMany(outcome.admission, { ...outcome, here }, limits());
    if (farewell) socket.close(farewell.code, farewell.reason);
    else if ('admission' in outcome) join(socket, outcome.admission);
  }

  async function answerTo(request: IncomingMessage): Promise<Farewell | Admitted> {
    if (isClosed) return { code: CLOSE.goingAway, reason: 'this gateway stops' };
    if (server.clients.size > limits().connectionsMax) return tryAgain('this gateway is full');
    const admission = await admit(request, gate);
    if ('code' in admission) return admission;
    const inWorkspace = await presence.list(admission.workspaceId);
    return inWorkspace === null ? tryAgain('Redis is away') : { admission, inWorkspace };
  }

  function join(socket: WebSocket, admission: LiveAdmission): void {
    const { workspaceId } = admission;
    const connection = liveConnection(socket, admission);
    const room = rooms.get(workspaceId) ?? openRoom(workspaceId);
    connections.add(connection);
    socket.once('close', () => {
      connections.delete(connection);
      const left = room.leave(connection);
      if (room.isEmpty()) rooms.delete(workspaceId);
      leaving.add(left);
      void left.finally(() => leaving.delete(left));
    });
    room.enter(connection);
  }

  function openRoom(workspaceId: string): LiveRoom {
    const room = liveRoom({
      heartbeat: (member) => presence.heartbeat(workspaceId, member),
      leave: (connectionId) => presence.leave(workspaceId, connectionId),
      list: () => presence.list(workspaceId),
      lifetimeMs: () => presence.lifetimeMs(),
      ...timing,
    });
    rooms.set(workspaceId, room);
    return room;
  }

  return {
    isFor: (request) => request.url === LIVE_PATH,
    accept(request, socket, head) {
      if (server.clients.size > limits().connectionsMax + TURNED_AWAY_MAX) return void socket.destroy();
      server.handleUpgrade(request, socket, head, (connection) => {
        // What they send before they are let in waits where it is, and is not lost.
        connection.pause();
        // What goes wrong with a connection ends it, and its close tidies up.
        connection.on('error', () => undefined);
        receive(connection, request).catch((error: unknown) => {
          // That Redis or PostgreSQL is away is said elsewhere, and not once for each stranger.
          if (!isAppError(error)) logger.error('a live connection could not be admitted', { error });
          connection.resume();
          const { code, reason } = tryAgain('something is away');
          connection.close(code, reason);
        });
      });
    },
    async close() {
      isClosed = true;
      keeper.stop();
      const closed = [...server.clients].map(
        (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
      );
      for (const client of server.clients) {
        client.resume();
        client.close(CLOSE.goingAway, 'this gateway stops');
      }
      await Promise.all(closed);
      await Promise.all(leaving);
    },
  };
}

function tryAgain(what: string): Farewell {
  return { code: CLOSE.tryAgainLater, reason: `${what}; try again in 5 s` };
}
