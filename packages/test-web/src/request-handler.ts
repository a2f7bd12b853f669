import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { body, html, json } from './answers.ts';
import type { RequestLog } from './request-log.ts';
import type { RouteTable } from './route-table.ts';
import type { Answer, WebContext } from './site.ts';

/** What every request of the web is answered from. */
export interface WebState {
  readonly table: RouteTable;
  readonly log: RequestLog;
  /** Complete once all servers listen. */
  readonly web: WebContext;
}

type Scheme = 'http' | 'https';

const badRequest = body('text/plain', 'bad request', { status: 400 });
const notFound = html('<h1>Not found</h1>', { status: 404, title: 'Not found' });
const anything = json({});

/** Answers HTTP requests by Host header. */
export function requestListener(scheme: Scheme, state: WebState): RequestListener {
  return (request, response) => void respond(scheme, state, request, response);
}

async function respond(
  scheme: Scheme,
  { table, log, web }: WebState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = requestUrl(scheme, request);
  if (url === null) return void badRequest({ request, response, url: new URL('http://invalid.test/'), web });
  record(log, url, request);
  // Bodies are not needed, but unread ones would stall connections that are kept alive.
  request.resume();
  await (table.answer(url) ?? fallback(table, url))({ request, response, url, web });
}

/** A host of no site answers like the endpoint of any vendor, so that nothing needs to leave this machine. */
function fallback(table: RouteTable, url: URL): Answer {
  const isVendorLike = !table.ownsHost(url.hostname) && url.hostname.includes('.') && !isIpHost(url.hostname);
  return isVendorLike ? anything : notFound;
}

function isIpHost(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/** Serves WebSocket handshakes by Host header. */
export function upgradeListener(
  scheme: Scheme,
  { table, log }: WebState,
): (request: IncomingMessage, socket: Socket, head: Buffer) => void {
  const server = new WebSocketServer({ noServer: true });
  server.on('headers', (headers, request) => {
    const url = requestUrl(scheme, request);
    const setCookie = (url === null ? undefined : table.socket(url))?.setCookie ?? [];
    headers.push(...setCookie.map((line) => `Set-Cookie: ${line}`));
  });
  return (request, socket, head) => {
    const url = requestUrl(scheme, request);
    const answer = url === null ? undefined : table.socket(url);
    if (url !== null) record(log, new URL(url.href.replace(/^http/, 'ws')), request);
    if (answer === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => answer.talk(webSocket));
  };
}

function requestUrl(scheme: Scheme, request: IncomingMessage): URL | null {
  // In HTTP/2 the host has a name of its own.
  const host = request.headers.host ?? request.headers[':authority']?.toString() ?? '';
  const base = `${scheme}://${host}`;
  return URL.canParse(request.url ?? '/', base) ? new URL(request.url ?? '/', base) : null;
}

function record(log: RequestLog, url: URL, request: IncomingMessage): void {
  log.add({
    method: request.method ?? 'GET',
    url: url.href,
    host: url.hostname,
    cookie: request.headers.cookie ?? null,
    secGpc: request.headers['sec-gpc']?.toString() ?? null,
  });
}
