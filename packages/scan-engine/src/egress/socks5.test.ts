import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { readConnectRequest, REPLY, sendReply, type ConnectRequest } from './socks5.ts';

const GREETING = [5, 1, 0];
const NAME = 3;
const V4 = 1;
const V6 = 4;

function request(address: readonly number[], { port = 443, command = 1, version = 5 } = {}): number[] {
  return [version, command, 0, ...address, port >> 8, port & 0xff];
}

function byName(host: string): number[] {
  return [NAME, host.length, ...Buffer.from(host, 'latin1')];
}

/** Both ends of one connection; ours is what the gateway would get from the network. */
function connection(): { server: Socket; client: Duplex; answers: () => Buffer } {
  const [server, client] = duplexPair();
  const received: Buffer[] = [];
  client.on('data', (chunk: Buffer) => received.push(chunk));
  return { server: server as unknown as Socket, client, answers: () => Buffer.concat(received) };
}

/** Sends chunks one after the other, each only when the one before has arrived, then closes. */
async function receive(
  ...chunks: (readonly number[])[]
): Promise<{ request: ConnectRequest | null; answers: Buffer }> {
  const { server, client, answers } = connection();
  const result = readConnectRequest(server);
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => void client.write(Buffer.from(chunk), () => resolve()));
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  client.end();
  const parsed = await result;
  await new Promise<void>((resolve) => void setImmediate(resolve));
  return { request: parsed, answers: answers() };
}

describe('a request to connect', () => {
  it.each([
    ['a name', byName('shop.test'), 'shop.test'],
    ['an IPv4 address', [V4, 127, 0, 0, 1], '127.0.0.1'],
    ['an IPv6 address', [V6, ...new Array<number>(15).fill(0), 1], '::1'],
    [
      'an IPv4 address inside IPv6',
      [V6, ...new Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1],
      '::ffff:7f00:1',
    ],
    ['a name of full length', byName('a'.repeat(255)), 'a'.repeat(255)],
    ['an empty name', byName(''), ''],
  ])('names %s', async (_what, address, host) => {
    const { request: parsed, answers } = await receive(GREETING, request(address));
    expect(parsed).toEqual({ host, port: 443 });
    expect([...answers]).toEqual([5, 0]);
  });

  it('may have any port', async () => {
    expect((await receive(GREETING, request(byName('a'), { port: 65_535 }))).request?.port).toBe(65_535);
    expect((await receive(GREETING, request(byName('a'), { port: 1 }))).request?.port).toBe(1);
  });

  it('may come byte by byte', async () => {
    const bytes = [...GREETING, ...request(byName('shop.test'))].map((byte) => [byte]);
    expect((await receive(...bytes)).request).toEqual({ host: 'shop.test', port: 443 });
  });

  it('may come all at once, with its greeting', async () => {
    const { request: parsed, answers } = await receive([...GREETING, ...request(byName('shop.test'))]);
    expect(parsed).toEqual({ host: 'shop.test', port: 443 });
    expect([...answers]).toEqual([5, 0]);
  });

  it('may come behind a greeting that offers further ways to authenticate', async () => {
    expect((await receive([5, 3, 0, 1, 2], request(byName('shop.test')))).request).toEqual({
      host: 'shop.test',
      port: 443,
    });
  });

  it('leaves what comes behind it to whoever reads on', async () => {
    const { server, client } = connection();
    const early = 'GET / HTTP/1.1\r\n\r\n';
    client.write(
      Buffer.concat([Buffer.from([...GREETING, ...request(byName('shop.test'))]), Buffer.from(early)]),
    );
    expect(await readConnectRequest(server)).toEqual({ host: 'shop.test', port: 443 });
    client.write('more');
    client.end();
    let rest = '';
    server.on('data', (chunk: Buffer) => (rest += String(chunk)));
    await once(server, 'end');
    expect(rest).toBe(`${early}more`);
  });

  it('leaves no listener on the connection', async () => {
    const { server, client } = connection();
    const before = server.eventNames().map((event) => [event, server.listenerCount(event)]);
    client.write(Buffer.from([...GREETING, ...request(byName('shop.test'))]));
    await readConnectRequest(server);
    expect(server.eventNames().map((event) => [event, server.listenerCount(event)])).toEqual(before);
  });
});

describe('anything else', () => {
  it.each([
    ['BIND', request(byName('a'), { command: 2 })],
    ['UDP ASSOCIATE', request(byName('a'), { command: 3 })],
    ['a command that does not exist', request(byName('a'), { command: 9 })],
    ['a kind of address that does not exist', request([7, 1, 2, 3, 4])],
    ['a request of another version', request(byName('a'), { version: 4 })],
  ])('is answered and refused: %s', async (_what, bytes) => {
    const { request: parsed, answers } = await receive(GREETING, bytes);
    expect(parsed).toBeNull();
    expect([...answers.subarray(0, 4)]).toEqual([5, 0, 5, REPLY.commandUnsupported]);
  });

  it.each([
    ['SOCKS 4', [4, 1, 0, 80, 127, 0, 0, 1, 0]],
    ['HTTP', [...Buffer.from('CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test\r\n\r\n')]],
    ['TLS', [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]],
    ['noise', new Array<number>(600).fill(0xff)],
  ])('is refused without an answer: %s', async (_what, bytes) => {
    const { request: parsed, answers } = await receive(bytes);
    expect(parsed).toBeNull();
    expect(answers).toHaveLength(0);
  });

  it.each([
    ['nothing', []],
    ['half a greeting', [[5, 2, 0]]],
    ['a greeting only', [GREETING]],
    ['half a request', [GREETING, request(byName('shop.test')).slice(0, 8)]],
    ['a request without its port', [GREETING, request(byName('shop.test')).slice(0, -1)]],
  ])('is nothing when the client closes after %s', async (_what, chunks) => {
    expect((await receive(...chunks)).request).toBeNull();
  });

  it('is nothing when it grows too long to be a request', async () => {
    expect((await receive([5, 255, ...new Array<number>(600).fill(0)])).request).toBeNull();
  });

  it('is nothing when the connection breaks', async () => {
    const { server, client } = connection();
    server.on('error', () => undefined);
    const result = readConnectRequest(server);
    client.write(Buffer.from([5]));
    server.destroy(new Error('reset'));
    expect(await result).toBeNull();
  });
});

describe('an answer', () => {
  it.each(Object.entries(REPLY))('of %s is as RFC 1928 has it', async (_name, reply) => {
    const { server, answers } = connection();
    sendReply(server, reply);
    await new Promise<void>((resolve) => void setImmediate(resolve));
    expect([...answers()]).toEqual([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
  });
});
