import { addressVerdict } from '@cookie-scanner/url-policy';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { decideEgress, type EgressDecision, type EgressPolicy } from './egress-policy.ts';
import { createHostLog, type HostLog, type HostRecord } from './host-log.ts';
import { watchForFailure } from './gateway-failure.ts';
import { REPLY, readConnectRequest, sendReply } from './socks5.ts';

/** Bounds on what one scan may use of the network. */
export interface EgressLimits {
  readonly bytesMax: number;
  readonly connectionsMax: number;
  readonly connectTimeoutMs: number;
}

/** The door through which every byte of one scan passes. */
export interface EgressGateway extends Pick<HostLog, 'untilAliasesKnown'> {
  /** Loopback port that speaks SOCKS 5, for what asks beside the browser. */
  readonly port: number;
  /** The same for the browser: a port of its network namespace, where it has one of its own. */
  readonly browserPort: number;
  /** Every host that was asked for, in order of first request. */
  hosts(): readonly HostRecord[];
  /** Bytes received from sites so far. */
  bytesReceived(): number;
  /** True once a limit ended the network for this scan. */
  limitReached(): boolean;
  /** Resolves with the reason once it cannot serve its scan any more, by a fault of ours; never, when all goes well. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** Browsers in a network namespace of their own reach no port of ours. */
interface DoorOpener {
  /** Opens a port that the browser reaches; null where it reaches those of this process. */
  readonly openDoor: (() => Promise<Server>) | null;
}

/**
 * Opens a gateway for one scan. Its port is the scan's identity: only the browser context of that scan knows it.
 *
 * It resolves names itself, refuses everything that is not public, and connects to the address it judged.
 */
export async function openEgressGateway(
  policy: EgressPolicy,
  limits: EgressLimits,
  { openDoor }: DoorOpener = { openDoor: null },
): Promise<EgressGateway> {
  const log = createHostLog(policy);
  const sockets = new Set<Socket>();
  const failure = Promise.withResolvers<Error>();
  let connections = 0;
  let bytesReceived = 0;

  const isExhausted = (): boolean => bytesReceived > limits.bytesMax || connections > limits.connectionsMax;

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined); // Resets are everyday life on the web; `close` follows and cleans up.
    socket.on('close', () => sockets.delete(socket));
  };

  const serve = async (client: Socket): Promise<void> => {
    const request = await readConnectRequest(client);
    if (!request) return void client.destroy();
    connections += 1;
    const record = log.note(request.host, request.port);
    const decision: EgressDecision = isExhausted()
      ? { allowed: false, reason: 'limit_reached' }
      : await decideEgress(policy, request.host, request.port);
    if (!decision.allowed) {
      record.outcome = decision.reason;
      record.detail = decision.detail ?? null;
      sendReply(
        client,
        decision.reason === 'not_found' || decision.reason === 'dns_error'
          ? REPLY.hostUnreachable
          : REPLY.notAllowed,
      );
      return void client.end();
    }

    // When the client has gone while its name was resolved, nobody waits for this connection any more.
    const upstream = client.destroyed
      ? null
      : await connectToFirst(decision.addresses, decision.port, limits.connectTimeoutMs, record);
    if (!upstream || client.destroyed) {
      upstream?.destroy();
      if (!client.destroyed) sendReply(client, REPLY.refused);
      return void client.end();
    }
    track(upstream);
    record.outcome = 'connected';
    record.detail = null;
    record.address = upstream.remoteAddress ?? null;
    sendReply(client, REPLY.succeeded);
    upstream.on('data', (chunk) => {
      bytesReceived += chunk.length;
      if (isExhausted()) for (const socket of sockets) socket.destroy();
    });
    join(client, upstream);
  };

  const welcome = (client: Socket): void => {
    client.setNoDelay(true);
    track(client);
    serve(client).catch(() => client.destroy());
  };
  const server = createServer(welcome);
  await listenOnLoopback(server);
  const door = openDoor && (await openDoor().catch(closing(server)));
  door?.on('connection', welcome);
  const stopWatching = watchForFailure(door ? [server, door] : [server], failure.resolve);

  return {
    port: portOf(server),
    browserPort: portOf(door ?? server),
    hosts: () => log.all(),
    untilAliasesKnown: () => log.untilAliasesKnown(),
    bytesReceived: () => bytesReceived,
    limitReached: isExhausted,
    failed: failure.promise,
    async close() {
      stopWatching();
      for (const socket of sockets) socket.destroy();
      door?.close();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** Tries the addresses in order; each was judged before, and the one that answered is judged again. */
async function connectToFirst(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
  record: HostRecord,
): Promise<Socket | null> {
  for (const address of addresses) {
    const result = await connectTo(address, port, timeoutMs);
    if (typeof result === 'string') {
      record.outcome = result;
      continue;
    }
    const peer = result.remoteAddress ?? '';
    if (peer === address || addressVerdict(peer).public) return result;
    result.destroy();
  }
  return null;
}

async function connectTo(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Socket | 'connect_failed' | 'connect_timeout'> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs, noDelay: true });
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    });
    socket.once('timeout', () => {
      socket.destroy();
      resolve('connect_timeout');
    });
    socket.once('error', () => resolve('connect_failed'));
  });
}

/** Joins two sockets; when either ends, so does the other. */
function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroySoon());
}

async function listenOnLoopback(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

function closing(server: Server): (error: unknown) => never {
  return (error) => {
    server.close();
    throw error;
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the egress gateway has no port');
  return address.port;
}
