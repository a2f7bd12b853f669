import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { listen, type ListeningServer } from './listening-server.ts';

/** Stands for everything that a page must not reach through its visitor: a router, a database, cloud metadata. */
export interface PrivateNetwork {
  readonly port: number;
  /** TCP connections and UDP packets so far, whatever they carried. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and, where the machine has IPv6, on the same port of ::1. */
export async function startPrivateNetwork(): Promise<PrivateNetwork> {
  let connections = 0;
  const newServer = (): ReturnType<typeof createServer> =>
    createServer((_request, response) => {
      response.writeHead(200, { 'set-cookie': 'leaked=1', 'access-control-allow-origin': '*' });
      response.end('secret of the private network');
    }).on('connection', () => {
      connections += 1;
    });
  const ipv4 = await listen(newServer(), 0);
  // Without IPv6, or with that port taken there, the IPv4 half still counts what matters most.
  const ipv6: ListeningServer | null = await listen(newServer(), ipv4.port, '::1').catch(() => null);
  const udp = createSocket('udp4', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => udp.bind(ipv4.port, '127.0.0.1', resolve));
  return {
    port: ipv4.port,
    connectionCount: () => connections,
    close: async () => {
      await Promise.all([ipv4.close(), ipv6?.close(), new Promise<void>((resolve) => udp.close(resolve))]);
    },
  };
}
