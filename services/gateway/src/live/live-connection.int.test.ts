import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { liveConnection } from './live-connection.ts';

const admission = { userId: 'u', sessionId: 's', workspaceId: 'w', role: 'Viewer' } as const;
let server: WebSocketServer;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

/** A connection, its socket here, and the client at the other end. */
async function connected(options: { autoPong?: boolean } = {}) {
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  const [[socket]] = await Promise.all([accepted, once(client, 'open')]);
  client.on('error', () => undefined);
  return { client, socket, connection: liveConnection(socket, admission) };
}

describe('a live connection', () => {
  it('cuts off a client that does not read, before it fills our memory', async () => {
    const { client, socket, connection } = await connected();
    client.pause();
    let waitingMax = 0;
    const text = 'x'.repeat(64 * 1_024);
    while (socket.readyState === socket.OPEN) {
      connection.say(text);
      waitingMax = Math.max(waitingMax, socket.bufferedAmount);
      await delay(0);
    }
    expect(waitingMax).toBeLessThan(400 * 1_024);
    client.terminate();
  });

  it('cuts off a client that shows no life, and asks it before', async () => {
    const { client, socket, connection } = await connected({ autoPong: false });
    const asked = once(client, 'ping');
    connection.checkLife({ pingAfterMs: 0, goneAfterMs: 60_000 });
    await asked;
    expect(socket.readyState).toBe(socket.OPEN);
    const closed = once(client, 'close');
    connection.checkLife({ pingAfterMs: 0, goneAfterMs: 0 });
    expect(await closed).toEqual([1006, expect.anything()]);
  });

  it('takes an answer for a sign of life', async () => {
    const { client, socket, connection } = await connected();
    const answered = once(socket, 'pong');
    connection.checkLife({ pingAfterMs: 0, goneAfterMs: 60_000 });
    await answered;
    client.terminate();
  });
});
