import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Server } from 'node:net';
import { extname } from 'node:path';
import type { BrowserUser } from '../browser/browser-user.ts';
import { TIMED_OUT, within } from '../deadline.ts';

/** A network of a browser's own, in which nothing is but the ends of our egress gateways. */
export interface NetworkNamespace {
  /** Program and arguments to put before a command line that is to run inside, as an ordinary user. */
  readonly command: readonly string[];
  /**
   * Opens a loopback port inside and hands it over: connections of the browser arrive here, and bytes are copied by
   * nobody. The caller closes it.
   */
  openDoor(): Promise<Server>;
  /** Resolves when no door can be opened any more. */
  readonly gone: Promise<void>;
  /** Ends what keeps the namespace; it ends with its last process. Never throws. */
  close(): void;
}

const OPEN_LIMIT_MS = 20_000;
/** A door is lost on its way where this process may open no more files. */
const DOOR_LIMIT_MS = 10_000;
const REASON_LENGTH_MAX = 300;
/** Doors opened before anybody asks, so that nobody waits. */
const SPARE_DOORS = 2;
/** Where the program of this process is open in the child: the user who is to run it may not be able to find it. */
const NODE_FD = 4;

/**
 * Chromium tells pages that it is offline unless an interface other than loopback has an address. This one has a
 * documentation address and leads nowhere. Which kinds there are depends on the kernel. It gives itself no second
 * address a while later: Chromium would take that for another network, and fail what it is loading.
 * @see https://www.rfc-editor.org/rfc/rfc5737
 */
const SET_UP = `set -e
ip link set lo up
for kind in dummy bridge ifb; do ip link add nic0 type "$kind" 2>/dev/null && break; done
ip link set dev nic0 addrgenmode none 2>/dev/null || true
ip address add 192.0.2.1/32 dev nic0
ip link set nic0 up
exec /proc/self/fd/${NODE_FD} --input-type=module --eval "$1"`;

/**
 * Makes a network namespace, which needs no rights where the kernel allows user namespaces.
 *
 * @param user - whom the browser runs as; null for ourselves
 * @throws Error with the reason, where the system does not allow it or has not the programs for it
 */
export async function openNetworkNamespace(user: BrowserUser | null): Promise<NetworkNamespace> {
  if (process.platform !== 'linux') throw new Error('only Linux has network namespaces');
  const child = spawnInside(user);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await untilReady(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('the namespace has no process');
  const doors = keepDoors(child);
  child.unref();
  child.channel?.unref();
  return {
    command: [...(user?.command ?? []), ...joinCommand(pid, user)],
    openDoor: async () => await doors.open(),
    gone,
    close: () => void child.kill('SIGKILL'),
  };
}

function spawnInside(user: BrowserUser | null): ChildProcess {
  const [program, ...args] = [
    ...(user?.command ?? []),
    ...['unshare', '--user', '--map-root-user', '--net', '--'],
    ...['sh', '-c', SET_UP, 'sh', doorkeeperText()],
  ] as [string, ...string[]];
  const node = openSync(process.execPath, 'r');
  try {
    return spawn(program, args, {
      cwd: '/',
      // A signal to our group, such as Ctrl-C, is ours to answer; without us it ends by itself.
      detached: true,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', node],
    });
  } finally {
    closeSync(node);
  }
}

function doorkeeperText(): string {
  const extension = extname(new URL(import.meta.url).pathname);
  return readFileSync(new URL(`./doorkeeper${extension}`, import.meta.url), 'utf8');
}

/** Joins the namespace, and becomes an ordinary user in it again: Chromium refuses to be root. */
function joinCommand(pid: number, user: BrowserUser | null): string[] {
  const uid = user?.uid ?? process.getuid?.() ?? 0;
  const gid = user?.gid ?? process.getgid?.() ?? 0;
  return [
    ...[
      'nsenter',
      '--preserve-credentials',
      `--user=/proc/${pid}/ns/user`,
      `--net=/proc/${pid}/ns/net`,
      '--',
    ],
    ...['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'],
  ];
}

/** @throws Error with the reason when it ends, or says nothing for too long */
async function untilReady(child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, REASON_LENGTH_MAX);
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => reject(new Error('no answer from inside')), OPEN_LIMIT_MS);
  child.once('message', () => resolve(undefined));
  child.once('error', reject);
  child.once('close', () => reject(new Error(complaint.trim() || 'it ended at once')));
  try {
    await promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function keepDoors(child: ChildProcess): { open(): Promise<Server> } {
  const spare: Server[] = [];
  const waiting: PromiseWithResolvers<Server>[] = [];
  let isGone = false;
  const ask = (): void => {
    // When it is gone, whoever waits is told by its end.
    if (child.connected) child.send('open', () => undefined);
  };
  child.on('message', (_message, door) => {
    if (!(door instanceof Server)) return;
    const next = waiting.shift();
    if (isGone) door.close();
    else if (next) next.resolve(door);
    else spare.push(door.unref());
  });
  // A door that nobody closes would keep our process.
  child.once('exit', () => {
    isGone = true;
    for (const door of spare.splice(0)) door.close();
    for (const { reject } of waiting.splice(0)) reject(goneError());
  });
  for (let count = 0; count < SPARE_DOORS; count += 1) ask();
  return {
    async open() {
      if (isGone || !child.connected) throw goneError();
      ask();
      const ready = spare.shift();
      if (ready) return ready.ref();
      const next = Promise.withResolvers<Server>();
      waiting.push(next);
      const door = await within(next.promise, DOOR_LIMIT_MS);
      if (door !== TIMED_OUT) return door;
      waiting.splice(waiting.indexOf(next), 1);
      throw new Error('no door came out of the network namespace');
    },
  };
}

function goneError(): Error {
  return new Error('the network namespace is gone');
}
