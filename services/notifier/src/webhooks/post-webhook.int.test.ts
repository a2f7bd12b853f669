import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostWebhook } from './post-webhook.ts';
import { answering, openReceiver, type Receiver } from './receiver.test.fixture.ts';

const never = new AbortController().signal;
const options = { allowPrivateNetworks: true, allowHttp: true, timeoutMs: 30_000 };
const call = (url: string) => ({ url, headers: { 'X-Test': 'yes' }, body: '{"type":"scan_finished"}' });

describe('calling a receiver', () => {
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await openReceiver();
  });
  beforeEach(() => {
    receiver.calls.length = 0;
    receiver.script.length = 0;
  });
  afterAll(() => receiver.close());

  const post = (path = '/', change: Partial<typeof options> = {}) =>
    createPostWebhook({ ...options, ...change })(call(receiver.url + path), never);

  it('hands over headers and body', async () => {
    expect(await post('/hook?a=b')).toEqual({ kind: 'answered', status: 204, retryAfterSeconds: null });
    expect(receiver.calls).toMatchObject([
      {
        path: '/hook?a=b',
        headers: { 'x-test': 'yes', 'content-type': 'application/json' },
        body: '{"type":"scan_finished"}',
      },
    ]);
  });

  it('tells what the receiver asks for', async () => {
    receiver.script.push(answering(503, { 'Retry-After': '120' }), answering(503, { 'Retry-After': 'soon' }));
    expect(await post()).toEqual({ kind: 'answered', status: 503, retryAfterSeconds: 120 });
    expect(await post()).toEqual({ kind: 'answered', status: 503, retryAfterSeconds: null });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%d)', async (status) => {
    receiver.script.push(answering(status, { Location: `${receiver.url}/elsewhere` }));
    expect(await post()).toMatchObject({ kind: 'answered', status });
    expect(receiver.calls).toHaveLength(1);
  });

  it('reads 64 KB of an answer without end, and hangs up', async () => {
    let sentBytes = 0;
    receiver.script.push((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sentBytes += 65_536;
        response.once('drain', more);
      };
      more();
    });
    expect(await post()).toMatchObject({ kind: 'answered', status: 200 });
    // What is on its way in the buffers of both sides is sent, too.
    expect(sentBytes).toBeLessThan(20_000_000);
  });

  it('waits no longer than it is told, for an answer or for its end', async () => {
    receiver.script.push(
      () => undefined,
      (response) => response.writeHead(200).write('and'),
    );
    expect(await post('/', { timeoutMs: 200 })).toEqual({
      kind: 'failed',
      reason: 'no answer within 200 ms',
    });
    expect(await post('/', { timeoutMs: 200 })).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('calls a connection that breaks, a server that is not there and TLS that is none a failure', async () => {
    receiver.script.push((response) => response.socket?.destroy());
    expect(await post()).toEqual({ kind: 'failed', reason: 'the connection failed: ECONNRESET' });
    const tls = createPostWebhook(options)(call(receiver.url.replace('http:', 'https:')), never);
    expect(await tls).toEqual({ kind: 'failed', reason: expect.stringContaining('connection failed') });
    const refused = await createPostWebhook(options)(call('http://127.0.0.1:1'), never);
    expect(refused).toEqual({ kind: 'failed', reason: 'the connection failed: ECONNREFUSED' });
  });

  it('is not possible without TLS unless that is allowed', async () => {
    const answer = await post('/', { allowHttp: false });
    expect(answer).toEqual({ kind: 'failed', reason: 'the address does not begin with https' });
    expect(receiver.calls).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const stopping = new AbortController();
    receiver.script.push(() => stopping.abort(new Error('shutdown')));
    await expect(createPostWebhook(options)(call(receiver.url), stopping.signal)).rejects.toThrow('shutdown');
  });
});

describe('a private address', () => {
  let sink: ReturnType<typeof createServer>;
  let port: number;
  let connections = 0;

  beforeAll(async () => {
    sink = createServer((socket: Socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(sink, 'listening');
    port = (sink.address() as AddressInfo).port;
  });
  afterAll(() => void sink.close());

  const guarded = (url: string, addresses: string[]) =>
    createPostWebhook({
      ...options,
      allowPrivateNetworks: false,
      timeoutMs: 5_000,
      resolveAll: (_name, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    })(call(url), never);

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::ffff:127.0.0.1']],
    [['93.184.216.34', '127.0.0.1']],
    [[]],
  ])('is not reached by a name that leads to %j', async (addresses) => {
    for (const url of ['https://hook.example/', 'http://hook.example:8080/']) {
      const answer = await guarded(url, addresses);
      expect(answer).toEqual({ kind: 'failed', reason: 'the name leads to an address that is not public' });
    }
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f000001', '[::ffff:127.0.0.1]'])(
    'is not reached as %s',
    async (host) => {
      for (const url of [`http://${host}/`, `http://${host}:${port}/`, `https://${host}:8443/`]) {
        expect((await guarded(url, ['127.0.0.1'])).kind).toBe('failed');
      }
      expect(connections).toBe(0);
    },
  );
});
