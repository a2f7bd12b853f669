import { scanParamsSchema, type ScanParams, type SiteObservation } from '@cookie-scanner/contracts';
import type { TestWeb } from '@cookie-scanner/test-web';
import { parseHostRules } from '@cookie-scanner/url-policy';
import { findBrowserExecutable } from './browser/find-browser.ts';
import { launchBrowser, type RunningBrowser } from './browser/launch-browser.ts';
import { createTargetAttacher } from './browser/target-attacher.ts';
import type { NameResolver } from './egress/name-resolver.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { ScanOptions } from './planned-scan.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import { startScanEngine, type ScanEngine } from './scan-engine.ts';

/** Settings with which an engine scans the test web. */
export function testSettings(
  web: Pick<TestWeb, 'hostResolverRules'>,
  overrides: Partial<EngineSettings> = {},
): EngineSettings {
  return {
    executablePath: null,
    hostResolverRules: web.hostResolverRules,
    dnsServers: [],
    allowPrivateNetworks: false,
    ignoreCertificateErrors: true,
    identity: 'visitor',
    // What is tested here does not depend on the sandbox, and the machine that runs the tests may not allow one.
    allowNoSandbox: true,
    pageLifeMs: 30_000,
    ...overrides,
  };
}

/** Starts an engine that scans the test web. */
export async function startTestEngine(
  web: TestWeb,
  overrides: Partial<EngineSettings> = {},
): Promise<ScanEngine> {
  return await startScanEngine(testSettings(web, overrides));
}

/** Scans one address of the test web, one page and half a minute unless said otherwise. */
export async function scanSite(
  engine: ScanEngine,
  url: string,
  { signal, onProgress, saveFile, redactCookieValue, access, ...params }: ScanRequest = {},
): Promise<SiteObservation> {
  return await engine.scan(url, {
    params: { timeoutMs: 30_000, ...params },
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(saveFile ? { saveFile } : {}),
    ...(redactCookieValue ? { redactCookieValue } : {}),
    ...(access ? { access } : {}),
  });
}

/** Parameters of a scan of one page within half a minute, every one decided. */
export function testParams(): ScanParams {
  return scanParamsSchema.parse({ timeoutMs: 30_000 });
}

type ScanRequest = Partial<ScanOptions['params']> & Omit<ScanOptions, 'params'>;

/** A resolver that knows no name, so that nothing but the host rules leads anywhere. */
const knowsNoName: NameResolver = {
  resolve: async () => ({ ok: false, reason: 'not_found' }),
};

/** A browser with all that one scan needs, for tests that look behind the engine. */
export interface TestEnvironment extends ScanEnvironment {
  readonly browser: RunningBrowser;
}

/** Starts a browser and puts together what `runScan` takes. The caller closes `browser`. */
export async function openTestEnvironment(
  web: TestWeb,
  { resolver = knowsNoName, ...overrides }: Partial<EngineSettings> & { resolver?: NameResolver } = {},
): Promise<TestEnvironment> {
  const settings = testSettings(web, overrides);
  const executablePath = settings.executablePath ?? findBrowserExecutable();
  if (executablePath === null) throw new Error('these tests need a Chromium');
  const browser = await launchBrowser({ ...settings, executablePath, userAgent: null });
  return {
    settings,
    browser,
    identity: null,
    requestsFavicons: false,
    timeZone: null,
    attacher: await createTargetAttacher(browser.connection, browser.root),
    thirdPartyCookies: 'untested',
    egressPolicy: {
      hostRules: parseHostRules(settings.hostResolverRules),
      allowPrivateNetworks: settings.allowPrivateNetworks,
      resolver,
    },
  };
}
