import { startTestWeb } from '@cookie-scanner/test-web';

/** What the workers of a platform do with a scan. */
export interface EngineUse {
  readonly name: 'trivial' | 'browser';
  /** The program of a worker, from the root of the checkout. */
  readonly workerPath: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What each scan is asked for with. */
  readonly scanParams: Readonly<Record<string, unknown>>;
  /** Cookies that each scan finds. */
  readonly cookieCount: number;
  readonly siteUrl: (label: string, query?: string) => string;
  close(): Promise<void>;
}

/** Workers that visit nothing: many scans in a short time, and nothing but the platform can be slow. */
export function trivialEngineUse(): EngineUse {
  return {
    name: 'trivial',
    workerPath: 'services/worker/test/trivial-worker.ts',
    settings: {},
    scanParams: {},
    cookieCount: 2,
    siteUrl: (label, query = '') => `https://${label}.example/${query}`,
    close: () => Promise.resolve(),
  };
}

const SITE = 'shop.test';

/** Workers as they are, with real browsers that visit a site of the test web. */
export async function browserEngineUse(): Promise<EngineUse> {
  const web = await startTestWeb();
  const site = web.sites.find(({ url }) => new URL(url).hostname === SITE);
  if (!site) throw new Error(`the test web has no ${SITE}`);
  return {
    name: 'browser',
    workerPath: 'services/worker/dist/main.js',
    settings: {
      SCAN_HOST_RESOLVER_RULES: web.hostResolverRules,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
      SCAN_CONCURRENCY: '1',
    },
    scanParams: { mode: 'quick' },
    cookieCount: site.truth.cookies.length,
    siteUrl: (label) => `${site.url}?label=${label}`,
    close: () => web.close(),
  };
}
