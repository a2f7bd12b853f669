import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What becomes of what is sent: it passes, arrives late, vanishes, or nobody is let in at all. */
export type ProxyMode = 'pass' | 'slow' | 'blackhole' | 'refuse';

/** A way to a server that can be made to fail like a network. */
export interface TcpProxy {
  readonly port: number;
  /** From now on. Going back from `blackhole` cuts the connections, for what they sent is gone. */
  setMode(mode: ProxyMode): void;
  /** Breaks every connection with a reset. */
  cut(): void;
  close(): Promise<void>;
}

const SLOW_MS = 300;

/** Opens a way to a server on this machine, on a free port. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';

  const server = createServer((client) => {
    if (mode === 'refuse') return void client.resetAndDestroy();
    const upstream = connect(target.port, target.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => forward(chunk, to));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });

  function forward(chunk: Buffer, to: Socket): void {
    if (mode === 'blackhole') return;
    if (mode === 'slow') setTimeout(() => void to.write(chunk), SLOW_MS);
    else to.write(chunk);
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
      if (mode !== next && (mode === 'blackhole' || mode === 'slow' || next === 'refuse')) cut();
      mode = next;
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
