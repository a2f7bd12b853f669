import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What becomes of what is sent: it passes, arrives late, vanishes both ways, vanishes on its way back only, or nobody is
 * let in at all.
 */
export type ProxyMode = 'pass' | 'slow' | 'blackhole' | 'deaf' | 'refuse';

/** A way to a server that can be made to fail like a network. */
export interface TcpProxy {
  readonly port: number;
  /** From now on. Going back from `blackhole` or `deaf` cuts the connections, for what was sent is gone. */
  setMode(mode: ProxyMode): void;
  /** Where new connections lead from now on: the server came back on another port. */
  leadTo(target: Target): void;
  /** Breaks every connection with a reset. */
  cut(): void;
  close(): Promise<void>;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

const SLOW_MS = 300;

/** Opens a way to a server, on a free port of this machine. */
export async function openTcpProxy(firstTarget: Target): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let target = firstTarget;
  let mode: ProxyMode = 'pass';

  const server = createServer((client) => {
    if (mode === 'refuse') return void client.resetAndDestroy();
    const upstream = connect(target.port, target.host);
    join(client, upstream, () => mode === 'blackhole');
    join(upstream, client, () => mode === 'blackhole' || mode === 'deaf');
  });

  function join(from: Socket, to: Socket, isSwallowed: () => boolean): void {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (isSwallowed()) return;
      if (mode === 'slow') setTimeout(() => void to.write(chunk), SLOW_MS);
      else to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    setMode(next) {
      // Late chunks must not be overtaken by later ones, and swallowed ones are gone.
      if (mode !== next && (mode !== 'pass' || next === 'refuse')) cut();
      mode = next;
    },
    leadTo: (next) => void (target = next),
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where a proxy must lead to for the server of this URL. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** The URL of a server, by way of a proxy. */
export function by(way: Pick<TcpProxy, 'port'>, url: string): string {
  const changed = new URL(url);
  changed.port = String(way.port);
  return changed.href;
}
