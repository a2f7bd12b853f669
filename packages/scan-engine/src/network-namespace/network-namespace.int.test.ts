import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { unprivilegedBrowserUser } from '../browser/browser-user.ts';
import { openNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';

const run = promisify(execFile);

/** Null where the system allows none; then these tests have nothing to look at, and say so by being skipped. */
const namespace: NetworkNamespace | null = await openNetworkNamespace(unprivilegedBrowserUser()).catch(
  () => null,
);
const whereAllowed = namespace ? describe : describe.skip;

/** Runs a line of shell inside. */
async function inside(line: string): Promise<string> {
  const command = [...(namespace?.command ?? []), 'bash', '-c', line];
  const { stdout } = await run('env', command, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  return stdout.trim();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

whereAllowed('a network namespace', () => {
  let outside: Server;
  beforeAll(async () => {
    outside = createServer((socket) => void socket.end()).listen(0, '127.0.0.1');
    await once(outside, 'listening');
  });
  afterAll(async () => {
    outside.close();
    namespace?.close();
    await namespace?.gone;
  });

  it('has nothing of the machine’s network: no interface, no route, no port of its loopback', async () => {
    expect(
      await inside('ls /proc/self/net/dev >/dev/null && tail -n +3 /proc/net/dev | cut -d: -f1'),
    ).toMatch(/^\s*lo\s+nic0$/);
    expect(await inside('tail -n +2 /proc/net/route')).toBe('');
    const attempt = (port: number): string =>
      `(exec 9<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo in || echo out`;
    const door = await namespace?.openDoor();
    if (!door) throw new Error('no door');
    expect(await inside(attempt(portOf(outside)))).toBe('out');
    expect(await inside(attempt(portOf(door)))).toBe('in');
    door.close();
  });

  it('hands out doors that open inside only, each with a port of its own, as many as are asked for', async () => {
    const doors = await Promise.all(Array.from({ length: 20 }, async () => await namespace?.openDoor()));
    const ports = doors.map((door) => portOf(door as Server));
    expect(new Set(ports).size).toBe(20);
    for (const [index, door] of doors.entries())
      door?.on('connection', (socket: Socket) => void socket.end(`door ${index}`));
    expect(await inside(`cat </dev/tcp/127.0.0.1/${ports[7] ?? 0}`)).toBe('door 7');
    for (const port of ports.slice(0, 3)) {
      const socket = connect(port, '127.0.0.1');
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
    }
    for (const door of doors) door?.close();
  });

  it('never changes: its interface has the one address it starts with, and gets no other', async () => {
    const addresses = (await inside('ip -oneline address show dev nic0')).split('\n');
    expect(addresses).toHaveLength(1);
    expect(addresses[0]).toContain('192.0.2.1/32');
    expect(await inside('cat /proc/net/if_inet6')).not.toContain('nic0');
  });

  it('runs as an ordinary user', async () => {
    expect(Number(await inside('id -u'))).toBeGreaterThan(0);
  });

  it('opens no doors once it is gone', async () => {
    namespace?.close();
    await namespace?.gone;
    await expect(namespace?.openDoor()).rejects.toThrow('gone');
  });
});
