import { AppError } from '@cookie-scanner/errors';
import type { Server } from 'node:net';
import puppeteer, { type Browser, type CDPSession, type Connection } from 'puppeteer';
import { browserArguments, type BrowserIdentity } from './browser-arguments.ts';
import { openNetworkNamespace, type NetworkNamespace } from '../network-namespace/network-namespace.ts';
import { guardMemory, type MemoryGuard } from './memory-guard.ts';
import { unprivilegedBrowserUser } from './browser-user.ts';
import { startObstacle } from './start-obstacle.ts';
import { createProfileFolder, removeProfileFolder } from './profile-folder.ts';

/** Protocol calls that no healthy browser takes longer for. */
const PROTOCOL_TIMEOUT_MS = 30_000;
const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 2_000;

/**
 * Whether the browser gets a network of its own, without any way out but the egress gateways: `auto` where the system
 * allows it, `required` or no start, `off`.
 */
export type NetworkNamespaceMode = 'auto' | 'required' | 'off';

/** How a browser is started. */
export interface LaunchOptions {
  readonly executablePath: string;
  readonly ignoreCertificateErrors: boolean;
  readonly identity: BrowserIdentity;
  /** Start without the sandbox where the kernel leaves no other way. */
  readonly allowNoSandbox: boolean;
  /** Complete user agent to show; null for the browser's own. */
  readonly userAgent: string | null;
  /** `auto` when left out. */
  readonly networkNamespace?: NetworkNamespaceMode;
  /** Memory that it may hold with all its processes, on Linux; no limit when left out. */
  readonly memoryLimitBytes?: number;
  readonly logger?: { warn(message: string, fields?: Record<string, unknown>): void };
}

/** One running browser process, reduced to what the engine needs. */
export interface RunningBrowser {
  /** Session of the browser itself; sees every target of every context. */
  readonly root: CDPSession;
  readonly connection: Connection;
  /** Product and version, such as `HeadlessChrome/156.0.0.0`. */
  readonly version: string;
  readonly userAgent: string;
  readonly sandboxed: boolean;
  readonly inNetworkNamespace: boolean;
  /** Why it is in no network namespace of its own although it should be; null when there is nothing to say. */
  readonly namespaceRefusal: string | null;
  /** Opens a port that this browser reaches; null where it reaches those of this process. */
  readonly openDoor: (() => Promise<Server>) | null;
  readonly pid: number;
  /** What keeps it below its limit of memory; null where it has none. */
  readonly memory: Pick<MemoryGuard, 'endedPagesBy' | 'endedBrowser'> | null;
  /** Resolves when the process or the connection to it is gone, however that came. */
  readonly gone: Promise<void>;
  /** Ends the process with all its children and removes its profile. Never hangs, never throws. */
  close(): Promise<void>;
}

/**
 * Starts a browser with a fresh profile, as an unprivileged user, with its sandbox on and in a network namespace of its
 * own; without one of these only where the options say so.
 *
 * @throws AppError BROWSER_UNAVAILABLE when it does not start; `details.mayPass` says whether what kept it from that
 *   looks like something that passes, such as a full disk
 */
export async function launchBrowser(options: LaunchOptions): Promise<RunningBrowser> {
  const mode = options.networkNamespace ?? 'auto';
  let cause: unknown;
  let namespaceRefusal: string | null = null;
  for (const sandboxed of options.allowNoSandbox ? [true, false] : [true]) {
    for (const isInside of { auto: [true, false], required: [true], off: [false] }[mode]) {
      try {
        const browser = await launchOnce(options, sandboxed, isInside);
        return { ...browser, namespaceRefusal: isInside ? null : namespaceRefusal };
      } catch (error) {
        cause = error;
        if (isInside) namespaceRefusal ??= error instanceof Error ? error.message : String(error);
      }
    }
  }
  const obstacle = startObstacle(cause);
  throw new AppError(
    'BROWSER_UNAVAILABLE',
    obstacle === null
      ? `The browser ${options.executablePath} did not start ${adviceFor(options)}`
      : `The browser ${options.executablePath} did not start. ${obstacle}`,
    { mayPass: obstacle !== null },
    { cause },
  );
}

function adviceFor({ networkNamespace, allowNoSandbox }: LaunchOptions): string {
  if (networkNamespace === 'required')
    return 'in a network namespace of its own. Where the system allows none, set SCAN_NETWORK_NAMESPACE=auto.';
  return allowNoSandbox
    ? 'with or without its sandbox.'
    : 'with its sandbox on. Where the kernel allows no sandbox, set SCAN_ALLOW_NO_SANDBOX=true and accept the risk.';
}

async function launchOnce(
  options: LaunchOptions,
  sandbox: boolean,
  isInside: boolean,
): Promise<Omit<RunningBrowser, 'namespaceRefusal'>> {
  const user = unprivilegedBrowserUser();
  const namespace = isInside ? await openNetworkNamespace(user) : null;
  const profileDir = await createProfileFolder(user);
  const commandLine = [
    ...(namespace ? namespace.command : (user?.command ?? [])),
    options.executablePath,
    ...browserArguments({ ...options, profileDir, sandbox }),
  ];
  const [program, ...args] = commandLine as [string, ...string[]];
  try {
    const browser = await puppeteer.launch({
      executablePath: program,
      args,
      ignoreDefaultArgs: true,
      pipe: true,
      env: browserEnvironment(profileDir),
      timeout: LAUNCH_TIMEOUT_MS,
      protocolTimeout: PROTOCOL_TIMEOUT_MS,
      waitForInitialPage: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      defaultViewport: null,
      // Targets are ours to attach to: nothing may resume them before every collector is in place.
      targetFilter: () => false,
    });
    return { ...(await takeOver(browser, profileDir, namespace, options)), sandboxed: sandbox };
  } catch (error) {
    namespace?.close();
    await removeProfileFolder(profileDir);
    throw error;
  }
}

/** Detaches Puppeteer from all targets and keeps its process handling and its protocol connection. */
async function takeOver(
  browser: Browser,
  profileDir: string,
  namespace: NetworkNamespace | null,
  options: LaunchOptions,
): Promise<Omit<RunningBrowser, 'sandboxed' | 'namespaceRefusal'>> {
  const root = await browser.target().createCDPSession();
  const connection = root.connection();
  const child = browser.process();
  if (!connection || !child?.pid) throw new Error('the browser has no connection or process');
  await connection.send('Target.setAutoAttach', {
    autoAttach: false,
    waitForDebuggerOnStart: false,
    flatten: true,
  });
  await connection.send('Target.setDiscoverTargets', { discover: false });
  const version = await root.send('Browser.getVersion');

  const gone = new Promise<void>((resolve) => {
    browser.once('disconnected', () => resolve());
    child.once('exit', () => resolve());
  });
  const pid = child.pid;
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

  // Without doors it is of no use any more.
  void namespace?.gone.then(() => killGroup(pid));
  void gone.then(() => namespace?.close());
  const memory = guarded(pid, options);
  void gone.then(() => memory?.stop());

  return {
    root,
    connection,
    version: version.product,
    userAgent: version.userAgent,
    inNetworkNamespace: namespace !== null,
    openDoor: namespace && (async () => await namespace.openDoor()),
    pid,
    memory,
    gone,
    async close() {
      // `Browser.close` can hang; the process group is killed whatever it answers.
      await Promise.race([
        root.send('Browser.close').then(
          () => exited,
          () => undefined,
        ),
        after(CLOSE_GRACE_MS),
      ]);
      killGroup(pid);
      await Promise.race([exited, after(CLOSE_GRACE_MS)]);
      await removeProfileFolder(profileDir).catch(() => undefined); // The sweeper of the next start gets what stays.
    },
  };
}

function guarded(groupId: number, { memoryLimitBytes, logger }: LaunchOptions): MemoryGuard | null {
  if (memoryLimitBytes === undefined) return null;
  return guardMemory({
    groupId,
    limitBytes: memoryLimitBytes,
    endBrowser: () => killGroup(groupId),
    onEnded: ({ isWholeBrowser, bytes }) =>
      logger?.warn(
        isWholeBrowser
          ? 'ended a browser that held too much memory'
          : 'ended the process of a page, because its browser held too much memory',
        { bytes, limitBytes: memoryLimitBytes },
      ),
  });
}

/** Only what a browser needs: none of our settings or secrets. */
function browserEnvironment(profileDir: string): Record<string, string> {
  return {
    HOME: profileDir,
    TMPDIR: profileDir,
    XDG_CONFIG_HOME: profileDir,
    XDG_CACHE_HOME: profileDir,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function after(ms: number): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
}
