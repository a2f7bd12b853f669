import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that a receiver got. */
interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with a call. */
type Behaviour = (response: ServerResponse) => void;

/** A receiver of webhooks on a real socket. */
export interface Receiver {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** What it does with the next calls, in order; then it answers 204. */
  readonly script: Behaviour[];
  /** Waits until it got so many calls. The test's own timeout is the deadline. */
  untilCalls(count: number): Promise<void>;
  close(): Promise<void>;
}

export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end('{"secret":"of the receiver"}');

export async function openReceiver(): Promise<Receiver> {
  const calls: ReceivedCall[] = [];
  const script: Behaviour[] = [];
  let called = (): void => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      calls.push({ path: request.url ?? '', headers: request.headers, body });
      (script.shift() ?? answering(204))(response);
      called();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    script,
    async untilCalls(count) {
      while (calls.length < count) await new Promise<void>((resolve) => (called = resolve));
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
