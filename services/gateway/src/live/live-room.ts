import type { LiveMember, LiveServerMessage } from '@cookie-scanner/contracts';
import type { HeartbeatResult } from '@cookie-scanner/redis';
import { CLOSE } from './close-codes.ts';
import { asTold, liveChanges, type ToldMembers } from './live-changes.ts';
import type { LiveConnection } from './live-connection.ts';

/** A lifetime of presence has room for three signs of life, so that one may be late. */
const BEATS_PER_LIFETIME = 3;

interface LiveRoomOptions {
  /** Says in Redis where somebody is. */
  readonly heartbeat: (member: LiveMember) => Promise<HeartbeatResult>;
  readonly leave: (connectionId: string) => Promise<unknown>;
  /** Everybody in the workspace, over all gateways; null while Redis is away. */
  readonly list: () => Promise<LiveMember[] | null>;
  /** Milliseconds that one sign of life counts. */
  readonly lifetimeMs: () => number;
  readonly tickMs: number;
  /** Without Redis for so long, connections are closed. */
  readonly awayMaxMs: number;
}

/** One workspace, as the connections of this gateway see it. */
export interface LiveRoom {
  /** Greets somebody, and tells them who is there with the next look. */
  enter(connection: LiveConnection): void;
  /** Resolves when the others can know. */
  leave(connection: LiveConnection): Promise<void>;
  isEmpty(): boolean;
}

/**
 * Opens a room. At each tick it says in Redis where its people are, as far as that changed, and tells them what changed of
 * everybody: so nobody is written or told more often than that, however fast they move. Gateways meet in Redis alone.
 */
export function liveRoom(options: LiveRoomOptions): LiveRoom {
  const { list, leave, tickMs, awayMaxMs } = options;
  const connections = new Set<LiveConnection>();
  const newcomers = new Set<LiveConnection>();
  let told: ToldMembers = new Map();
  let isTicking = false;
  let listedAtMs = performance.now();

  function tell(members: LiveMember[]): void {
    const changes = liveChanges(told, members);
    told = asTold(members);
    const changesText = changes && textOf(changes);
    const membersText = newcomers.size > 0 ? textOf({ type: 'members', members }) : null;
    for (const connection of connections) {
      const text = newcomers.has(connection) ? membersText : changesText;
      if (text !== null) connection.say(text);
    }
    newcomers.clear();
  }

  async function tick(): Promise<void> {
    if (isTicking) return;
    isTicking = true;
    try {
      await writeDue(connections, options);
      const members = await list();
      if (members) {
        listedAtMs = performance.now();
        tell(members);
      } else if (performance.now() - listedAtMs > awayMaxMs) {
        for (const connection of connections) {
          connection.close({ code: CLOSE.tryAgainLater, reason: 'Redis is away; try again in 5 s' });
        }
      }
    } finally {
      isTicking = false;
    }
  }

  let timer: NodeJS.Timeout | undefined;
  return {
    enter(connection) {
      timer ??= setInterval(() => void tick(), tickMs);
      connections.add(connection);
      newcomers.add(connection);
      const { workspaceId } = connection.admission;
      connection.say(
        textOf({ type: 'welcome', connectionId: connection.member().connectionId, workspaceId }),
      );
      void tick();
    },
    async leave(connection) {
      connections.delete(connection);
      newcomers.delete(connection);
      if (connections.size === 0) timer = void clearInterval(timer);
      await leave(connection.member().connectionId);
    },
    isEmpty: () => connections.size === 0,
  };
}

async function writeDue(
  connections: ReadonlySet<LiveConnection>,
  { heartbeat, leave, lifetimeMs }: LiveRoomOptions,
): Promise<void> {
  const beatMs = lifetimeMs() / BEATS_PER_LIFETIME;
  const due = [...connections].filter((connection) => connection.isDue(beatMs));
  await Promise.all(
    due.map(async (connection) => {
      connection.noteWritten();
      const member = connection.member();
      const result = await heartbeat(member);
      if (result === 'unavailable') connection.noteUnwritten();
      if (result === 'full') connection.close({ code: CLOSE.tooMany, reason: 'the workspace is full' });
      // Their farewell may have been faster than this.
      if (!connections.has(connection)) await leave(member.connectionId);
    }),
  );
}

function textOf(message: LiveServerMessage): string {
  return JSON.stringify(message);
}
