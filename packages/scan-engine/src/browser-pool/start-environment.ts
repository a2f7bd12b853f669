import { parseHostRules } from '@cookie-scanner/url-policy';
import { isHeadlessShell } from '../browser/find-browser.ts';
import { launchBrowser, type RunningBrowser } from '../browser/launch-browser.ts';
import { createTargetAttacher } from '../browser/target-attacher.ts';
import { testThirdPartyCookies } from '../browser/third-party-cookie-test.ts';
import { visitorIdentity, type VisitorIdentity } from '../visitor/visitor-identity.ts';
import { createAliasLookup } from '../egress/alias-lookup.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import { createNameResolver } from '../egress/name-resolver.ts';
import type { EngineSettings } from '../engine-settings.ts';
import type { ScanEnvironment } from '../scan-environment.ts';
import { readMachineTimeZone } from '../visitor/machine-time-zone.ts';
import type { PooledBrowser } from './browser-pool.ts';
import { sampledGroupMemory } from '../browser/process-memory.ts';

/** A browser that is ready for scans, with all that they need beside it. */
export type PooledEnvironment = ScanEnvironment & PooledBrowser;

/**
 * Makes a function that starts browsers of one engine and tries out whether each stores third-party cookies.
 *
 * Only a browser knows its own version, and only its command line changes the user agent of every request; so the first
 * one is started twice, and later ones again when the version has changed under us.
 *
 * @returns a function that throws AppError BROWSER_UNAVAILABLE when the browser does not start
 */
export function environmentStarter(
  settings: EngineSettings,
  executablePath: string,
  memoryLimitBytes: number,
): () => Promise<PooledEnvironment> {
  let known: { readonly version: string; readonly identity: VisitorIdentity } | null = null;
  let hasTold = false;
  const launch = async (userAgent: string | null): Promise<RunningBrowser> => {
    const browser = await launchBrowser({ ...settings, memoryLimitBytes, executablePath, userAgent });
    if (!hasTold) tellOfNetwork(browser, settings);
    hasTold = true;
    return browser;
  };

  const launchAsVisitor = async (): Promise<RunningBrowser> => {
    if (known) {
      const browser = await launch(known.identity.userAgent);
      if (browser.version === known.version) return browser;
      await browser.close();
    }
    const plain = await launch(null);
    await plain.close();
    known = { version: plain.version, identity: visitorIdentity(plain.userAgent) };
    return await launch(known.identity.userAgent);
  };

  const egressPolicy: EgressPolicy = {
    hostRules: parseHostRules(settings.hostResolverRules),
    allowPrivateNetworks: settings.allowPrivateNetworks,
    resolver: createNameResolver({ servers: settings.dnsServers }),
    aliases: createAliasLookup({ servers: settings.dnsServers }),
  };

  /** The machine is the same for every browser, so one is asked. */
  let timeZone: string | null = null;

  return async () => {
    const isVisitor = settings.identity === 'visitor';
    const browser = await (isVisitor ? launchAsVisitor() : launch(null));
    const identity = isVisitor ? (known?.identity ?? null) : null;
    try {
      const environment = await environmentOf(
        { settings, browser, identity, egressPolicy, timeZone },
        isHeadlessShell(executablePath),
      );
      ({ timeZone } = environment);
      return environment;
    } catch (error) {
      await browser.close();
      throw error;
    }
  };
}

/** Says at the start how the browser is kept from the machine's network. */
function tellOfNetwork(
  { inNetworkNamespace, namespaceRefusal }: RunningBrowser,
  { logger }: EngineSettings,
): void {
  if (inNetworkNamespace) logger?.info('the browser runs in a network namespace of its own');
  else if (namespaceRefusal !== null)
    logger?.warn(
      'the browser runs in the network of this machine, held by its own settings alone; every scan will say so',
      { reason: namespaceRefusal },
    );
}

async function environmentOf(
  parts: Pick<ScanEnvironment, 'settings' | 'browser' | 'identity' | 'egressPolicy' | 'timeZone'>,
  requestsFavicons: boolean,
): Promise<PooledEnvironment> {
  const { settings, browser } = parts;
  const attacher = await createTargetAttacher(browser.connection, browser.root);
  const [thirdPartyCookies, timeZone] = await Promise.all([
    testThirdPartyCookies(browser, attacher),
    parts.timeZone ?? readMachineTimeZone(browser.root, attacher),
  ]);
  if (thirdPartyCookies !== 'allowed') {
    settings.logger?.warn('this browser does not store third-party cookies; every scan will say so', {
      thirdPartyCookies,
    });
  }
  return {
    ...parts,
    timeZone,
    requestsFavicons,
    attacher,
    thirdPartyCookies,
    gone: browser.gone,
    // A browser leads a group of processes of its own.
    memoryBytes: sampledGroupMemory(browser.pid),
    close: () => browser.close(),
  };
}
