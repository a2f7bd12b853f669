import { parseHostRules } from '@cookie-scanner/url-policy';
import { isIP } from 'node:net';
import { z } from 'zod';
import { DEVELOPMENT_SECRET, guarded, productionSettings } from '../production-rules.ts';
import { autoOr, commaList, documented, wholeNumber, yesOrNo } from '../setting.ts';

const allowPrivateNetworks = documented(
  yesOrNo().default(false),
  'Lets scans reach private, local and reserved addresses and every port. Anybody who may submit a scan can then\n' +
    'look into your network.',
);

function areHostRules(text: string): boolean {
  try {
    parseHostRules(text);
    return true;
  } catch {
    // The parser quotes the rule in its message; a problem of the settings never shows a value.
    return false;
  }
}

/** `ip` or `ip:port`; brackets around an IPv6 address that a port follows. */
function isNameServer(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  return isIP(text) === 6 || isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4;
}

/** Which addresses may be submitted for a scan: the part of the scan settings that the gateway needs. */
export const scanTargetConfig = guarded(
  z.object({ ...productionSettings, SCAN_ALLOW_PRIVATE_NETWORKS: allowPrivateNetworks }),
).transform((env) => ({ allowPrivateNetworks: env.SCAN_ALLOW_PRIVATE_NETWORKS }));

/** How scans are run. */
export const scanConfig = guarded(
  z.object({
    ...productionSettings,
    SCAN_CONCURRENCY: documented(
      autoOr(wholeNumber(1, 64)).default('auto'),
      'Scans that one worker runs at the same time, or auto, which chooses by processors and free memory.',
      { isLive: true },
    ),
    SCAN_ISOLATION: documented(
      z.enum(['context', 'browser'], { error: 'must be context or browser' }).default('context'),
      'What a scan gets for itself: context, a clean profile in a browser that scans share, or browser, a browser that\n' +
        'is started for it, which takes more time and memory.',
    ),
    SCAN_BROWSER_SCANS_MAX: documented(
      wholeNumber(1, 1_000_000).default(200),
      'Scans after which a shared browser is replaced.',
    ),
    SCAN_BROWSER_MEMORY_MAX_MB: documented(
      wholeNumber(200, 1_000_000).default(4_000),
      'Megabytes of memory at which a shared browser is replaced. Measured on Linux only.',
    ),
    SCAN_BROWSER_MEMORY_LIMIT_MB: documented(
      autoOr(wholeNumber(300, 1_000_000)).default('auto'),
      'Megabytes of memory that one browser may hold, with all its processes. Over it, the page that holds most is ended,\n' +
        'and its scan with it, as resource_limit. auto takes half of what is free at the start. Linux only.',
      { example: '4000' },
    ),
    SCAN_HOST_RESOLVER_RULES: documented(
      z
        .string()
        .refine(areHostRules, 'cannot be read; write "MAP pattern[:port] host[:port]" or "EXCLUDE pattern"')
        .default(''),
      "Replaces name resolution in scans, in the syntax of Chromium's --host-resolver-rules. For tests.",
      { example: 'MAP *:443 127.0.0.1:8443,MAP *:80 127.0.0.1:8080' },
    ),
    SCAN_DNS_SERVERS: documented(
      z
        .string()
        .default('')
        .transform(commaList)
        .refine(
          (servers) => servers.every(isNameServer),
          'must be a comma list of IP addresses, each with a port if it is not 53',
        ),
      "Name servers that scans ask, in the place of the system's. Aliases (CNAME) are then asked also for names that\n" +
        'SCAN_HOST_RESOLVER_RULES maps.',
      { example: '9.9.9.9,[2620:fe::fe]:53' },
    ),
    SCAN_ALLOW_PRIVATE_NETWORKS: allowPrivateNetworks,
    SCAN_IGNORE_CERTIFICATE_ERRORS: documented(
      yesOrNo().default(false),
      'Scans sites whose TLS certificate is not valid. For tests.',
    ),
    SCAN_BROWSER_EXECUTABLE: documented(
      z.string().nullable().default(null),
      'Path of the Chromium to use. Without it an installed one is looked for, a headless shell first.',
      { example: '/usr/bin/chromium-headless-shell' },
    ),
    SCAN_BROWSER_IDENTITY: documented(
      z.enum(['visitor', 'declared'], { error: 'must be visitor or declared' }).default('visitor'),
      'How the browser shows itself: visitor looks like an ordinary one, declared says that it is automated.',
    ),
    SCAN_ALLOW_NO_SANDBOX: documented(
      yesOrNo().default(false),
      'Runs Chromium without its sandbox where the kernel leaves no other way.',
    ),
    SCAN_NETWORK_NAMESPACE: documented(
      z.enum(['auto', 'required', 'off'], { error: 'must be auto, required or off' }).default('auto'),
      'Runs Chromium in a network namespace of its own, whose only way out is the egress gateway: auto, where the system\n' +
        'allows it, required, or the worker does not start, off.',
    ),
    SCAN_PAGE_LIFE_MS: documented(
      wholeNumber(0, 600_000).default(30_000),
      "Milliseconds of life a page gets after it loaded, on the page's own clock.",
    ),
    SCAN_STORE_COOKIE_VALUES: documented(
      yesOrNo().default(false),
      'Keeps cookie values in stored observations. They can be personal data; without this only a keyed hash is kept.',
    ),
    SCAN_VALUE_HASH_KEY: documented(
      z.string().default(DEVELOPMENT_SECRET),
      'Key of the hash of cookie values. Set a secret of at least 32 characters (openssl rand -hex 32) in staging and\n' +
        'production.',
    ),
    SCAN_LEASE_MS: documented(
      wholeNumber(1_000, 3_600_000).default(60_000),
      'Milliseconds after which a scan whose worker gave no sign of life is offered again.',
    ),
    SCAN_MAX_ATTEMPTS: documented(
      wholeNumber(1, 20).default(3),
      'How often a scan is begun before it is given up as failed.',
    ),
    SCAN_SITE_CONCURRENCY_MAX: documented(
      wholeNumber(1, 1_000).default(2),
      'Scans of one site (registrable domain) that run at the same time, by all workers together.',
    ),
    SCAN_SITE_GAP_MS: documented(
      wholeNumber(0, 3_600_000).default(1_000),
      'Milliseconds between the starts of two scans of one site, by all workers together.',
    ),
  }),
).transform((env) => ({
  concurrency: env.SCAN_CONCURRENCY,
  isolation: env.SCAN_ISOLATION,
  browserScansMax: env.SCAN_BROWSER_SCANS_MAX,
  browserMemoryMaxBytes: env.SCAN_BROWSER_MEMORY_MAX_MB * 1_000_000,
  browserMemoryLimitBytes:
    env.SCAN_BROWSER_MEMORY_LIMIT_MB === 'auto'
      ? ('auto' as const)
      : env.SCAN_BROWSER_MEMORY_LIMIT_MB * 1_000_000,
  hostResolverRules: env.SCAN_HOST_RESOLVER_RULES,
  dnsServers: env.SCAN_DNS_SERVERS,
  allowPrivateNetworks: env.SCAN_ALLOW_PRIVATE_NETWORKS,
  ignoreCertificateErrors: env.SCAN_IGNORE_CERTIFICATE_ERRORS,
  browserExecutable: env.SCAN_BROWSER_EXECUTABLE,
  browserIdentity: env.SCAN_BROWSER_IDENTITY,
  allowNoSandbox: env.SCAN_ALLOW_NO_SANDBOX,
  networkNamespace: env.SCAN_NETWORK_NAMESPACE,
  pageLifeMs: env.SCAN_PAGE_LIFE_MS,
  storeCookieValues: env.SCAN_STORE_COOKIE_VALUES,
  valueHashKey: env.SCAN_VALUE_HASH_KEY,
  leaseMs: env.SCAN_LEASE_MS,
  attemptsMax: env.SCAN_MAX_ATTEMPTS,
  sitePoliteness: { concurrencyMax: env.SCAN_SITE_CONCURRENCY_MAX, gapMs: env.SCAN_SITE_GAP_MS },
}));
