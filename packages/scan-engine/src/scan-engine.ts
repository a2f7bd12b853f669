import { scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { isAnswering, isProtocolFailure } from './browser/browser-failure.ts';
import { findBrowserExecutable } from './browser/find-browser.ts';
import { sweepProfileFolders } from './browser/profile-folder.ts';
import { browserPool, type BrowserLoan, type PoolLimits } from './browser-pool/browser-pool.ts';
import { environmentStarter, type PooledEnvironment } from './browser-pool/start-environment.ts';
import { startDeadline } from './deadline.ts';
import { memoryLimitOf } from './browser/memory-limit.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { ScanOptions } from './planned-scan.ts';
import { runScan } from './run-scan.ts';

/** Drives browsers and scans many sites with them, several at a time if wanted. */
export interface ScanEngine {
  /**
   * Scans one site in a profile of its own. What the site does wrong is an outcome in the observation.
   *
   * @throws AppError URL_INVALID when the address is not one of the web; a browser would show files and itself too
   * @throws AppError BROWSER_UNAVAILABLE when the browser fails twice; a new attempt may succeed
   * @throws AppError EGRESS_UNAVAILABLE when the scan's way to the network failed by a fault of ours; a new attempt may succeed
   * @throws AppError RESOURCE_LIMIT when it had to be ended for its memory and nothing can be told of what was seen
   * @throws anything else only for a fault in our own code, as it is; the browser goes on
   * @throws the reason of the signal when it fires
   */
  scan(url: string, options: ScanOptions): Promise<SiteObservation>;
  /** Product and version of the browser in use. */
  readonly browserVersion: string;
  /** Ends the browser. Scans still running fail. Never throws. */
  close(): Promise<void>;
}

/** How often a scan whose browser fails is tried. */
const TRIES_MAX = 2;
const BROWSER_SCANS_MAX = 200;
const BROWSER_MEMORY_MAX_BYTES = 4_000_000_000;

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
  const memoryLimitBytes = memoryLimitOf(settings.browserMemoryLimitBytes ?? 'auto');
  const pool = browserPool(
    environmentStarter(settings, executablePath, memoryLimitBytes),
    poolLimits(settings, memoryLimitBytes),
  );
  const first = await pool.borrow();
  let { version } = first.browser.browser;
  first.release();

  return {
    get browserVersion() {
      return version;
    },
    async scan(url, options) {
      if (!/^https?:\/\//i.test(url)) {
        throw new AppError('URL_INVALID', 'Only http and https addresses can be scanned.');
      }
      const params = scanParamsSchema.parse(options.params);
      const begunAtMs = performance.now();
      const deadline = startDeadline(params.timeoutMs);
      let mustBeAlone = false;
      for (let attempt = 1; ; attempt += 1) {
        // Scans run side by side and may be on different browsers, so each keeps hold of its own.
        const loan = await pool.borrow(mustBeAlone || undefined);
        ({ version } = loan.browser.browser);
        // A second try gets what the first one left of the time.
        const planned = {
          ...options,
          params: { ...params, timeoutMs: deadline.remainingMs() },
          begunAtMs,
          mayEndForMemory: mustBeAlone,
        };
        try {
          return await runScan(url, planned, loan.browser);
        } catch (error) {
          options.signal?.throwIfAborted();
          // A fault of our own code costs no browser: the other scans in it are none the worse for it.
          if (!(await isFaultOfBrowser(error, loan))) throw error;
          settings.logger?.warn('browser failed during a scan', { attempt, error });
          // Whose memory it was is not known where several scans shared it; next time it will be.
          mustBeAlone ||= endedForMemory(loan);
          if (attempt >= TRIES_MAX || deadline.passed) throw failureOf(loan, url, error);
        } finally {
          loan.release();
        }
      }
    },
    close: () => pool.close(),
  };
}

/** Whether the browser failed a scan, rather than our own code; one that is gone or does not answer is taken out of use. */
async function isFaultOfBrowser(error: unknown, loan: BrowserLoan<PooledEnvironment>): Promise<boolean> {
  if (await isAnswering(loan.browser.browser)) return isProtocolFailure(error);
  loan.retire();
  return true;
}

/** Of its limit: a browser that grows that large over many scans is replaced before one of them has to pay for it. */
const REPLACED_AT_SHARE = 0.75;

function endedForMemory({ browser }: BrowserLoan<PooledEnvironment>): boolean {
  return browser.browser.memory?.endedBrowser() ?? false;
}

/** What a scan is told whose tries are used up. */
function failureOf(loan: BrowserLoan<PooledEnvironment>, url: string, cause: unknown): AppError {
  return endedForMemory(loan)
    ? new AppError(
        'RESOURCE_LIMIT',
        'The site made the browser hold more memory than it may.',
        { url },
        { cause },
      )
    : new AppError('BROWSER_UNAVAILABLE', 'The browser failed during the scan.', { url }, { cause });
}

function poolLimits(settings: EngineSettings, memoryLimitBytes: number): PoolLimits {
  return {
    isolation: settings.isolation ?? 'context',
    browserScansMax: settings.browserScansMax ?? BROWSER_SCANS_MAX,
    browserMemoryMaxBytes: Math.min(
      settings.browserMemoryMaxBytes ?? BROWSER_MEMORY_MAX_BYTES,
      REPLACED_AT_SHARE * memoryLimitBytes,
    ),
  };
}

function warnAboutRelaxedSettings({ logger, ...settings }: EngineSettings): void {
  if (settings.hostResolverRules !== '')
    logger?.warn('SCAN_HOST_RESOLVER_RULES is set: names are not resolved as usual');
  if (settings.allowPrivateNetworks)
    logger?.warn('SCAN_ALLOW_PRIVATE_NETWORKS is on: scans may reach private networks');
  if (settings.ignoreCertificateErrors)
    logger?.warn('SCAN_IGNORE_CERTIFICATE_ERRORS is on: certificates are not checked');
  if (settings.networkNamespace === 'off')
    logger?.warn('SCAN_NETWORK_NAMESPACE is off: the browser runs in the network of this machine');
  if (settings.allowNoSandbox)
    logger?.warn('SCAN_ALLOW_NO_SANDBOX is on: the browser may run without its sandbox');
}
