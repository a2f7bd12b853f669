import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { healthPages, type HealthSources } from './health-pages.ts';

interface HealthServerOptions extends HealthSources {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** A running health server. */
export interface HealthServer {
  /** The port it listens on. */
  readonly port: number;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/**
 * Serves the health pages of a service that has no HTTP API of its own.
 *
 * @throws Error EADDRINUSE when the port is taken
 */
export async function startHealthServer({
  host,
  port,
  ...sources
}: HealthServerOptions): Promise<HealthServer> {
  const page = healthPages(sources);
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 },
    (request, response) => void answer(request, response, page),
  );
  server.listen(port, host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  page: ReturnType<typeof healthPages>,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const found = page(request.url?.split('?')[0] ?? '');
  if (!found) return void response.writeHead(404).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  }
  const { status, contentType, body } = await found;
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
