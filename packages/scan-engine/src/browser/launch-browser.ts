import { AppError } from '@cookie-scanner/errors';
import puppeteer, { type Browser, type CDPSession, type Connection } from 'puppeteer';
import { browserArguments, type BrowserIdentity } from './browser-arguments.ts';
import { unprivilegedBrowserUser } from './browser-user.ts';
import { createProfileFolder, removeProfileFolder } from './profile-folder.ts';

/** Protocol calls that no healthy browser takes longer for. */
const PROTOCOL_TIMEOUT_MS = 30_000;
const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 2_000;

/** How a browser is started. */
export interface LaunchOptions {
  readonly executablePath: string;
  readonly ignoreCertificateErrors: boolean;
  readonly identity: BrowserIdentity;
  /** Start without the sandbox where the kernel leaves no other way. */
  readonly allowNoSandbox: boolean;
  /** Complete user agent to show; null for the browser's own. */
  readonly userAgent: string | null;
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
  readonly pid: number;
  /** Resolves when the process or the connection to it is gone, however that came. */
  readonly gone: Promise<void>;
  /** Ends the process with all its children and removes its profile. Never hangs, never throws. */
  close(): Promise<void>;
}

/**
 * Starts a browser with a fresh profile, as an unprivileged user and with its sandbox on.
 *
 * @throws AppError BROWSER_UNAVAILABLE when it does not start
 */
export async function launchBrowser(options: LaunchOptions): Promise<RunningBrowser> {
  let cause: unknown;
  for (const sandbox of options.allowNoSandbox ? [true, false] : [true]) {
    try {
      return await launchOnce(options, sandbox);
    } catch (error) {
      cause = error;
    }
  }
  const advice = options.allowNoSandbox
    ? 'with or without its sandbox.'
    : 'with its sandbox on. Where the kernel allows no sandbox, set SCAN_ALLOW_NO_SANDBOX=true and accept the risk.';
  throw new AppError(
    'BROWSER_UNAVAILABLE',
    `The browser ${options.executablePath} did not start ${advice}`,
    {},
    { cause },
  );
}

async function launchOnce(options: LaunchOptions, sandbox: boolean): Promise<RunningBrowser> {
  const user = unprivilegedBrowserUser();
  const profileDir = await createProfileFolder(user);
  const commandLine = [
    ...(user?.command ?? []),
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
    return await takeOver(browser, profileDir, sandbox);
  } catch (error) {
    await removeProfileFolder(profileDir);
    throw error;
  }
}

/** Detaches Puppeteer from all targets and keeps its process handling and its protocol connection. */
async function takeOver(browser: Browser, profileDir: string, sandboxed: boolean): Promise<RunningBrowser> {
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

  return {
    root,
    connection,
    version: version.product,
    userAgent: version.userAgent,
    sandboxed,
    pid,
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
