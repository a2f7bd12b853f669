import { liveServerMessageSchema, type LiveMember } from '@cookie-scanner/contracts';
import { WebSocket, type ClientOptions } from 'ws';
import type { TestGateway } from './start-test-gateway.ts';

/** A window of somebody, as a page would keep it. */
export interface LiveClient {
  readonly socket: WebSocket;
  readonly welcomed: Promise<void>;
  /** The code that the connection ended with. */
  readonly closed: Promise<number>;
  connectionId(): string | null;
  /** Waits until the members are as the condition says. The test's own timeout is the deadline. */
  until(isSo: (members: LiveMember[]) => boolean): Promise<LiveMember[]>;
}

/** The message that says where one is. */
export function cursorAt(path: string): string {
  return JSON.stringify({ type: 'cursor', cursor: { path, x: 0.25, y: 0.5 } });
}

/** The live connections of one test. */
export class LiveClients {
  readonly #open = new Set<LiveClient>();

  connect({ port }: Pick<TestGateway, 'port'>, protocols: string[], options: ClientOptions = {}): LiveClient {
    const client = follow(new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`, protocols, options));
    this.#open.add(client);
    return client;
  }

  async closeAll(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    for (const { socket } of open) socket.close();
    await Promise.all(open.map(({ closed }) => closed));
  }
}

function follow(socket: WebSocket): LiveClient {
  const members = new Map<string, LiveMember>();
  let connectionId: string | null = null;
  let told = (): void => undefined;
  let welcome = (): void => undefined;
  const welcomed = new Promise<void>((resolve) => (welcome = resolve));
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const message = liveServerMessageSchema.parse(JSON.parse(data.toString()));
    if (message.type === 'welcome') {
      ({ connectionId } = message);
      welcome();
      return;
    }
    if (message.type === 'members') members.clear();
    const { present, gone } = message.type === 'members' ? { present: message.members, gone: [] } : message;
    for (const member of present) members.set(member.connectionId, member);
    for (const id of gone) members.delete(id);
    told();
  });
  return {
    socket,
    welcomed,
    closed: new Promise((resolve) => socket.once('close', resolve)),
    connectionId: () => connectionId,
    async until(isSo) {
      while (!isSo([...members.values()])) await new Promise<void>((resolve) => (told = resolve));
      return [...members.values()];
    },
  };
}
