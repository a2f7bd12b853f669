import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { problem, PROBLEM_TYPE } from './http/problem.ts';

/** Limits on clients that are slow on purpose. Milliseconds. */
interface ServerTiming {
  /** For the head of a request. */
  readonly headersTimeoutMs: number;
  /** For a whole request with its body. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** How often the two first are checked. */
  readonly checkIntervalMs: number;
}

/** A slow request is closed after 25 s at the latest. */
export const SERVER_TIMING: ServerTiming = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  keepAliveTimeoutMs: 5_000,
  checkIntervalMs: 5_000,
};

const HEADERS_SIZE_BYTES_MAX = 16_384;
const REQUESTS_PER_CONNECTION_MAX = 500;

/** What takes requests to change protocols. */
interface Upgrades {
  /** False leaves a request to plain HTTP. */
  isFor(request: IncomingMessage): boolean;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly timing?: ServerTiming;
  readonly upgrades: Upgrades;
}

/** A listening HTTP server. */
export interface GatewayServer {
  readonly port: number;
  /** Stops listening, lets running requests end for at most `graceMs`, then drops what is left. */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens with limits on size, number and duration of requests.
 *
 * @throws Error EADDRINUSE when the port is taken
 */
export async function startServer(
  handler: RequestListener,
  { host, port, upgrades, timing = SERVER_TIMING }: ServerOptions,
): Promise<GatewayServer> {
  const server = createServer(
    {
      headersTimeout: timing.headersTimeoutMs,
      requestTimeout: timing.requestTimeoutMs,
      keepAliveTimeout: timing.keepAliveTimeoutMs,
      connectionsCheckingInterval: timing.checkIntervalMs,
      maxHeaderSize: HEADERS_SIZE_BYTES_MAX,
      // The application answers a missing host itself, as problem+json.
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => upgrades.isFor(request),
    },
    handler,
  );
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  server.on('clientError', (error, socket) => refuse(socket, statusFor(error)));
  server.on('upgrade', (request, socket, head) => upgrades.accept(request, socket, head));
  server.on('connect', (_request, socket) => refuse(socket, 405));
  server.listen(port, host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function statusFor(error: Error): 400 | 408 | 413 | 431 {
  const code = 'code' in error ? error.code : null;
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

const REFUSALS = {
  400: ['REQUEST_INVALID', 'This is not HTTP as we speak it.'],
  405: ['METHOD_NOT_ALLOWED', 'This is no proxy.'],
  408: ['REQUEST_TIMEOUT', 'The request took too long to arrive.'],
  413: ['BODY_TOO_LARGE', 'The extensions of a chunk are too long.'],
  431: ['HEADERS_TOO_LARGE', `Path and headers together have more than ${HEADERS_SIZE_BYTES_MAX} bytes.`],
} as const;

/** Answers a request that never became one for the application, and ends the connection. */
function refuse(socket: Duplex, status: keyof typeof REFUSALS): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [code, detail] = REFUSALS[status];
  const answer = problem(status, code, detail);
  const body = JSON.stringify({ ...answer, requestId: randomUUID() });
  const head = [
    `HTTP/1.1 ${status} ${answer.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
