import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request with full control over its headers, which `fetch` does not give. */
interface RawRequest {
  readonly method?: string;
  readonly path: string;
  /** Replaces the `Host` of the listening address; null sends none. */
  readonly host?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Who is asked, and with which key; without one as a stranger. */
interface RawTarget {
  readonly port: number;
  readonly apiKey?: string;
}

/** Sends one request over a socket of its own and reads the answer until the server closes. */
export async function sendRaw(
  { port, apiKey }: RawTarget,
  { method = 'GET', path, host = `127.0.0.1:${port}`, headers = {}, body = '' }: RawRequest,
): Promise<RawAnswer> {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...(apiKey === undefined ? [] : [`Authorization: Bearer ${apiKey}`]),
  ];
  if (body.length > 0) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return parseAnswer(await sendBytes(port, Buffer.concat([head, Buffer.from(body)])));
}

/** Writes bytes to the port and reads until the server closes. */
export async function sendBytes(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = await openSocket(port);
  socket.write(bytes);
  return readToEnd(socket);
}

/** A connection to the port. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // A server that has heard enough may close while we still write; what it said before is read all the same.
  socket.on('error', () => undefined);
  return socket;
}

/** Everything the server sends until it closes; a reset counts as a close. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.closed) await once(socket, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

/** Splits one answer, without the `100 Continue` before it; a chunked body stays as it is. */
export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, '').split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
