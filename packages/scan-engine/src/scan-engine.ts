import { scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { parseHostRules } from '@cookie-scanner/url-policy';
import { findBrowserExecutable, isHeadlessShell } from './browser/find-browser.ts';
import { launchBrowser } from './browser/launch-browser.ts';
import { sweepProfileFolders } from './browser/profile-folder.ts';
import { createTargetAttacher } from './browser/target-attacher.ts';
import { visitorIdentity } from './browser/visitor-identity.ts';
import { testThirdPartyCookies } from './browser/third-party-cookie-test.ts';
import { startDeadline } from './deadline.ts';
import { createAliasLookup, type AliasLookup } from './egress/alias-lookup.ts';
import { createNameResolver } from './egress/name-resolver.ts';
import type { EngineSettings } from './engine-settings.ts';
import { runScan, type ScanEnvironment, type ScanOptions } from './run-scan.ts';

/** Drives one browser and scans many sites with it, several at a time if wanted. */
export interface ScanEngine {
  /**
   * Scans one site in a profile of its own. What the site does wrong is an outcome in the observation.
   *
   * @throws AppError URL_INVALID when the address is not one of the web; a browser would show files and itself too
   * @throws AppError BROWSER_UNAVAILABLE when the browser fails twice; a new attempt may succeed
   * @throws the reason of the signal when it fires
   */
  scan(url: string, options: ScanOptions): Promise<SiteObservation>;
  /** Product and version of the browser in use. */
  readonly browserVersion: string;
  /** Ends the browser. Scans still running fail. Never throws. */
  close(): Promise<void>;
}

/** Scans after which the browser is replaced, so that nothing it leaks can add up. */
const SCANS_PER_BROWSER = 200;

/**
 * Starts an engine with its browser, and tests whether that browser stores third-party cookies.
 *
 * @throws AppError BROWSER_UNAVAILABLE when there is no browser or it does not start; the message says what to do
 */
export async function startScanEngine(settings: EngineSettings): Promise<ScanEngine> {
  const executablePath = settings.executablePath ?? findBrowserExecutable();
  if (executablePath === null) {
    throw new AppError(
      'BROWSER_UNAVAILABLE',
      'No Chromium is installed. Install one (Debian and Ubuntu: apt-get install chromium-headless-shell) or set SCAN_BROWSER_EXECUTABLE.',
    );
  }
  warnAboutRelaxedSettings(settings);
  await sweepProfileFolders();
  const holder = browserHolder(settings, executablePath);
  let latest = await holder.acquire();
  holder.release(latest);

  return {
    get browserVersion() {
      return latest.browser.version;
    },
    async scan(url, options) {
      if (!/^https?:\/\//i.test(url)) {
        throw new AppError('URL_INVALID', 'Only http and https addresses can be scanned.');
      }
      const planned = scanParamsSchema.parse(options.params);
      const deadline = startDeadline(planned.timeoutMs);
      for (let attempt = 1; ; attempt += 1) {
        // Scans run side by side and may be on different browsers, so each keeps hold of its own.
        const environment = await holder.acquire();
        latest = environment;
        // A second try gets what the first one left of the time.
        const params = { ...planned, timeoutMs: deadline.remainingMs() };
        try {
          return await runScan(url, { ...options, params }, environment);
        } catch (error) {
          options.signal?.throwIfAborted();
          holder.retire(environment);
          settings.logger?.warn('browser failed during a scan', { attempt, error });
          if (attempt >= 2) {
            throw new AppError(
              'BROWSER_UNAVAILABLE',
              'The browser failed during the scan.',
              { url },
              { cause: error },
            );
          }
        } finally {
          holder.release(environment);
        }
      }
    },
    close: () => holder.close(),
  };
}

interface BrowserHolder {
  /** The browser for the next scan; started when there is none. */
  acquire(): Promise<ScanEnvironment>;
  release(environment: ScanEnvironment): void;
  /** Takes a browser out of use; it ends when its last scan is released. */
  retire(environment: ScanEnvironment): void;
  close(): Promise<void>;
}

/** Keeps one browser in use and replaces it when it broke or has done its share. */
function browserHolder(settings: EngineSettings, executablePath: string): BrowserHolder {
  let current: ScanEnvironment | null = null;
  let starting: Promise<ScanEnvironment> | null = null;
  let isClosed = false;
  let served = 0;
  const aliases = createAliasLookup({ servers: settings.dnsServers });
  const users = new Map<ScanEnvironment, number>();
  const retired = new Set<ScanEnvironment>();

  const start = async (): Promise<ScanEnvironment> => {
    const environment = isClosed ? null : await startEnvironment(settings, executablePath, aliases);
    if (!environment || isClosed) {
      await environment?.browser.close();
      throw new AppError('BROWSER_UNAVAILABLE', 'The engine is closed.');
    }
    current = environment;
    served = 0;
    users.set(environment, 0);
    void environment.browser.gone.then(() => retire(environment));
    return environment;
  };
  const endWhenIdle = (environment: ScanEnvironment): void => {
    if (!retired.has(environment) || (users.get(environment) ?? 0) > 0) return;
    users.delete(environment);
    retired.delete(environment);
    void environment.browser.close();
  };
  const retire = (environment: ScanEnvironment): void => {
    if (current === environment) current = null;
    if (!users.has(environment)) return;
    retired.add(environment);
    endWhenIdle(environment);
  };

  return {
    async acquire() {
      if (current && served >= SCANS_PER_BROWSER) retire(current);
      const environment =
        current ??
        (await (starting ??= start().finally(() => {
          starting = null;
        })));
      users.set(environment, (users.get(environment) ?? 0) + 1);
      served += 1;
      return environment;
    },
    release(environment) {
      users.set(environment, (users.get(environment) ?? 1) - 1);
      endWhenIdle(environment);
    },
    retire,
    async close() {
      isClosed = true;
      current = null;
      const environments = [...users.keys()];
      users.clear();
      const started = starting?.catch(() => undefined); // Whoever asked for that browser is told.
      await Promise.all([started, ...environments.map(async ({ browser }) => await browser.close())]);
    },
  };
}

async function startEnvironment(
  settings: EngineSettings,
  executablePath: string,
  aliases: AliasLookup,
): Promise<ScanEnvironment> {
  const launchOptions = { ...settings, executablePath, userAgent: null };
  let browser = await launchBrowser(launchOptions);
  const identity = settings.identity === 'visitor' ? visitorIdentity(browser.userAgent) : null;
  if (identity) {
    // Only the browser knows its own version, and only its command line changes the user agent of every request.
    await browser.close();
    browser = await launchBrowser({ ...launchOptions, userAgent: identity.userAgent });
  }
  const attacher = await createTargetAttacher(browser.connection, browser.root);
  const thirdPartyCookies = await testThirdPartyCookies(browser.root, attacher);
  if (thirdPartyCookies !== 'allowed') {
    settings.logger?.warn('this browser does not store third-party cookies; every scan will say so', {
      thirdPartyCookies,
    });
  }
  return {
    settings,
    browser,
    identity,
    requestsFavicons: isHeadlessShell(executablePath),
    attacher,
    thirdPartyCookies,
    egressPolicy: {
      hostRules: parseHostRules(settings.hostResolverRules),
      allowPrivateNetworks: settings.allowPrivateNetworks,
      resolver: createNameResolver({ servers: settings.dnsServers }),
      aliases,
    },
  };
}

function warnAboutRelaxedSettings({ logger, ...settings }: EngineSettings): void {
  if (settings.hostResolverRules !== '')
    logger?.warn('SCAN_HOST_RESOLVER_RULES is set: names are not resolved as usual');
  if (settings.allowPrivateNetworks)
    logger?.warn('SCAN_ALLOW_PRIVATE_NETWORKS is on: scans may reach private networks');
  if (settings.ignoreCertificateErrors)
    logger?.warn('SCAN_IGNORE_CERTIFICATE_ERRORS is on: certificates are not checked');
  if (settings.allowNoSandbox)
    logger?.warn('SCAN_ALLOW_NO_SANDBOX is on: the browser may run without its sandbox');
}
