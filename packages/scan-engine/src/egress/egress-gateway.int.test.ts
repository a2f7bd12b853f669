import { parseHostRules } from '@cookie-scanner/url-policy';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { until } from '../browser-processes.test.helper.ts';
import { openEgressGateway, type EgressGateway, type EgressLimits } from './egress-gateway.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { Resolution } from './name-resolver.ts';
import { REPLY } from './socks5.ts';

const LIMITS: EgressLimits = { bytesMax: 1_000_000, connectionsMax: 100, connectTimeoutMs: 5_000 };

const servers: Server[] = [];
const sockets: Socket[] = [];
const gateways: EgressGateway[] = [];

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server on this host that greets everybody and repeats what it hears. */
async function startEcho(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('hello');
    socket.pipe(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

interface GatewayOptions extends Partial<EgressLimits> {
  readonly rules?: string;
  readonly resolve?: (host: string) => Resolution;
  readonly allowPrivateNetworks?: boolean;
}

async function openGateway({
  rules = '',
  resolve,
  allowPrivateNetworks = false,
  ...limits
}: GatewayOptions): Promise<EgressGateway> {
  const policy: EgressPolicy = {
    hostRules: parseHostRules(rules),
    allowPrivateNetworks,
    resolver: { resolve: async (host) => resolve?.(host) ?? { ok: false, reason: 'not_found' } },
  };
  const gateway = await openEgressGateway(policy, { ...LIMITS, ...limits });
  gateways.push(gateway);
  return gateway;
}

/** A client that asks the gateway for a connection. */
interface Client {
  readonly socket: Socket;
  /** The gateway's answer by its number in RFC 1928; -1 when it closed without one. */
  readonly reply: number;
  /** Everything that came through the connection so far. */
  received(): string;
  readonly closed: Promise<unknown>;
}

async function ask(gateway: EgressGateway, host: string, port: number): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port: gateway.port });
  sockets.push(socket);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  socket.write(
    Buffer.from([5, 1, 0, 5, 1, 0, 3, host.length, ...Buffer.from(host, 'latin1'), port >> 8, port & 0xff]),
  );
  await until(() => bytes.length >= 12 || socket.destroyed);
  return { socket, reply: bytes[3] ?? -1, received: () => bytes.subarray(12).toString(), closed };
}

describe('a connection through the gateway', () => {
  it('leads where the policy says, and carries bytes both ways', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({ rules: `MAP *:80 127.0.0.1:${echo.port}` });
    const client = await ask(gateway, 'shop.test', 80);
    expect(client.reply).toBe(REPLY.succeeded);
    client.socket.write(' and back');
    await until(() => client.received() === 'hello and back');
    expect(gateway.hosts()).toMatchObject([
      { host: 'shop.test', port: 80, outcome: 'connected', address: '127.0.0.1', count: 1 },
    ]);
    expect(gateway.bytesReceived()).toBe('hello and back'.length);
  });

  it('ends at both ends when either ends', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({ rules: `MAP *:80 127.0.0.1:${echo.port}` });
    const first = await ask(gateway, 'shop.test', 80);
    const firstUpstream = sockets.find(({ localPort }) => localPort === echo.port);
    first.socket.destroy();
    await until(() => firstUpstream?.destroyed ?? false);
    const second = await ask(gateway, 'shop.test', 80);
    for (const socket of sockets) if (socket.localPort === echo.port) socket.destroy();
    await second.closed;
  });

  it('goes to the address that was judged: the name is asked for once', async () => {
    const echo = await startEcho();
    const asked: string[] = [];
    const gateway = await openGateway({
      allowPrivateNetworks: true,
      resolve: (host) => {
        asked.push(host);
        return { ok: true, addresses: ['127.0.0.1'] };
      },
    });
    const client = await ask(gateway, 'shop.test', echo.port);
    await until(() => client.received() === 'hello');
    expect(asked).toEqual(['shop.test']);
    expect(echo.connections()).toBe(1);
  });

  it('goes to the next address when one does not answer', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({
      allowPrivateNetworks: true,
      resolve: () => ({ ok: true, addresses: ['127.0.0.2', '127.0.0.1'] }),
    });
    const client = await ask(gateway, 'shop.test', echo.port);
    await until(() => client.received() === 'hello');
    expect(gateway.hosts()).toMatchObject([{ outcome: 'connected', address: '127.0.0.1' }]);
  });
});

describe('a connection that the gateway refuses', () => {
  it.each([
    ['127.0.0.1', 'address_not_allowed', REPLY.notAllowed],
    ['localhost', 'address_not_allowed', REPLY.notAllowed],
    ['2130706433', 'host_not_allowed', REPLY.notAllowed],
    ['private.test', 'address_not_allowed', REPLY.notAllowed],
    ['gone.test', 'not_found', REPLY.hostUnreachable],
    ['broken.test', 'dns_error', REPLY.hostUnreachable],
  ] as const)('is answered, recorded and never made: %s is %s', async (host, outcome, reply) => {
    const echo = await startEcho();
    const gateway = await openGateway({
      resolve: (name) => {
        if (name === 'private.test') return { ok: true, addresses: ['127.0.0.1'] };
        return { ok: false, reason: name === 'broken.test' ? 'dns_error' : 'not_found' };
      },
    });
    const client = await ask(gateway, host, echo.port);
    expect(client.reply).toBe(reply);
    await client.closed;
    expect(gateway.hosts()).toMatchObject([{ host, port: echo.port, outcome, address: null, count: 1 }]);
    expect(echo.connections()).toBe(0);
  });

  it('is refused again when the name leads elsewhere the second time', async () => {
    const echo = await startEcho();
    let answers = 0;
    const gateway = await openGateway({
      resolve: () => ({ ok: true, addresses: [(answers += 1) === 1 ? '192.0.2.1' : '127.0.0.1'] }),
    });
    const replies = [
      await ask(gateway, 'rebind.test', echo.port),
      await ask(gateway, 'rebind.test', echo.port),
    ];
    expect(replies.map(({ reply }) => reply)).toEqual([REPLY.notAllowed, REPLY.notAllowed]);
    expect(answers).toBe(2);
    expect(echo.connections()).toBe(0);
    expect(gateway.hosts()).toMatchObject([
      { host: 'rebind.test', count: 2, outcome: 'address_not_allowed' },
    ]);
  });

  it('says so when nobody listens there', async () => {
    const gateway = await openGateway({ rules: 'MAP *:80 127.0.0.1:1' });
    expect((await ask(gateway, 'shop.test', 80)).reply).toBe(REPLY.refused);
    expect(gateway.hosts()).toMatchObject([{ outcome: 'connect_failed', address: null }]);
  });

  it('closes on what is not SOCKS, without a word and without a record', async () => {
    const gateway = await openGateway({});
    const socket = connect({ host: '127.0.0.1', port: gateway.port });
    sockets.push(socket);
    socket.on('error', () => undefined);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.write(
      'GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n',
    );
    await once(socket, 'close');
    expect(Buffer.concat(received)).toHaveLength(0);
    expect(gateway.hosts()).toEqual([]);
  });
});

describe('a limit of the gateway', () => {
  it('on bytes cuts every connection off, and refuses further ones', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({ rules: `MAP *:80 127.0.0.1:${echo.port}`, bytesMax: 100_000 });
    const [greedy, modest] = [await ask(gateway, 'greedy.test', 80), await ask(gateway, 'modest.test', 80)];
    expect(gateway.limitReached()).toBe(false);
    greedy.socket.write(Buffer.alloc(150_000));
    await Promise.all([greedy.closed, modest.closed]);
    expect(gateway.limitReached()).toBe(true);
    expect((await ask(gateway, 'late.test', 80)).reply).toBe(REPLY.notAllowed);
    expect(gateway.hosts().at(-1)).toMatchObject({ host: 'late.test', outcome: 'limit_reached' });
  });

  it('on connections refuses those above it, and leaves the others alone', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({ rules: `MAP *:80 127.0.0.1:${echo.port}`, connectionsMax: 2 });
    const kept = [await ask(gateway, 'a.test', 80), await ask(gateway, 'b.test', 80)];
    expect((await ask(gateway, 'c.test', 80)).reply).toBe(REPLY.notAllowed);
    for (const { socket } of kept) expect(socket.destroyed).toBe(false);
    expect(echo.connections()).toBe(2);
  });
});

describe('a gateway that is closed', () => {
  it('ends its connections and listens no more', async () => {
    const echo = await startEcho();
    const gateway = await openGateway({ rules: `MAP *:80 127.0.0.1:${echo.port}` });
    const client = await ask(gateway, 'shop.test', 80);
    await gateway.close();
    await client.closed;
    expect((await ask(gateway, 'shop.test', 80)).reply).toBe(-1);
    expect(echo.connections()).toBe(1);
  });

  it('makes no connection for a name whose answer comes too late', async () => {
    const echo = await startEcho();
    const late = Promise.withResolvers<Resolution>();
    let wasAsked = false;
    const gateway = await openEgressGateway(
      {
        hostRules: parseHostRules(''),
        allowPrivateNetworks: true,
        resolver: {
          resolve: async () => {
            wasAsked = true;
            return await late.promise;
          },
        },
      },
      LIMITS,
    );
    const asking = ask(gateway, 'late.test', echo.port);
    await until(() => wasAsked);
    await gateway.close();
    late.resolve({ ok: true, addresses: ['127.0.0.1'] });
    expect((await asking).reply).toBe(-1);
    expect(echo.connections()).toBe(0);
  });
});
