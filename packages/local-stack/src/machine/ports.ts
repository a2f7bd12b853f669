import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** State LISTEN in /proc/net/tcp. @see https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
const TCP_LISTEN = '0A';

/** Below the ports that any system gives to whoever asks for one, so that nobody gets one of these by chance. */
const OWN_PORTS = { from: 20_000, below: 32_768 };

/** A TCP port of loopback that nobody listens on now. Somebody may take it before it is used: be ready to ask again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(OWN_PORTS.from, OWN_PORTS.below);
    if (await isPortFree(port, LOOPBACK)) return port;
  }
}

/** True when this port of this address can be listened on. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    // Taken, or not ours to open; who holds it is a question of its own.
    return false;
  } finally {
    server.close();
  }
}

/** Names the program that listens on a port, as well as this system lets us see: `redis-server (process 123)`. */
export function describePortHolder(port: number): string {
  const inodes = new Set([
    ...listeningInodes('/proc/net/tcp', port),
    ...listeningInodes('/proc/net/tcp6', port),
  ]);
  for (const pid of inodes.size === 0 ? [] : numericNames('/proc')) {
    if (openSockets(pid).some((inode) => inodes.has(inode))) {
      return `${readOr(`/proc/${pid}/comm`, 'a program').trim()} (process ${pid})`;
    }
  }
  return 'another program';
}

function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOr(table, '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === TCP_LISTEN)
    .map((fields) => fields[9] ?? '');
}

function openSockets(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return numericNames(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1] ?? [];
    } catch {
      // Closed in the meantime.
      return [];
    }
  });
}

function numericNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    // Not Linux, gone, or another user's process.
    return [];
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or gone in the meantime.
    return otherwise;
  }
}
