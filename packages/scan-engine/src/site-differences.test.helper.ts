import { fingerprintingTechniques } from '@cookie-scanner/analysis';
import type { CookieObservation, Setter, SiteObservation } from '@cookie-scanner/contracts';
import {
  truthDifferences,
  type CookieTruth,
  type SetterTruth,
  type Site,
  type TransferTruth,
  type TransientCookieTruth,
  type UrlTruth,
} from '@cookie-scanner/test-web';

/** Compares a scan with the truth about its site: one plain sentence per difference, none when all is right. */
export function siteDifferences({ truth }: Site, observation: SiteObservation): string[] {
  return [
    ...cookieDifferences(truth.cookies, observation),
    ...transientDifferences(truth.transientCookies, observation.transientCookies),
    ...blockedDifferences(truth.blockedCookies, observation.blockedCookies),
    ...storageDifferences(truth.storage, observation.storage),
    ...aliasDifferences(truth.aliasedHosts, observation.hosts),
    ...fingerprinterDifferences(truth.fingerprinters, observation),
    ...transferDifferences(truth.transfers, observation),
    ...outcomeDifferences(truth.outcome, observation),
  ];
}

/** Cookies with their setters, the chains behind them, and the lives they were given and asked for. */
export function cookieDifferences(truth: readonly CookieTruth[], observation: SiteObservation): string[] {
  const observed = observation.cookies.map((cookie) => ({
    ...cookie,
    lifetimeSeconds: lifetimeSeconds(cookie, observation),
  }));
  const undeclared = truth.flatMap((expected) => {
    const actual = observation.cookies.find(
      ({ name, domain, path, partitionKey }) =>
        name === expected.name &&
        domain === expected.domain &&
        path === expected.path &&
        partitionKey === expected.partitionKey,
    );
    if (!actual || (actual.declaredLifetimeSeconds === null) === (expected.declaredLifetimeSeconds === null))
      return [];
    return [
      `cookie "${expected.name}" was to live ${String(actual.declaredLifetimeSeconds)} s, not ${String(expected.declaredLifetimeSeconds)} s`,
    ];
  });
  return [...truthDifferences(truth, observed), ...undeclared];
}

/** From the last time somebody set it; null for a session cookie. */
function lifetimeSeconds(cookie: CookieObservation, { startedAt }: SiteObservation): number | null {
  if (cookie.expiresAt === null) return null;
  const setAtMs = Date.parse(startedAt) + (cookie.events.at(-1)?.atMs ?? 0);
  return Math.round((Date.parse(cookie.expiresAt) - setAtMs) / 1000);
}

/** A name that is a pattern stands for one cookie or more. */
function transientDifferences(
  truth: readonly TransientCookieTruth[],
  observed: readonly CookieObservation[],
): string[] {
  const isSame = (expected: TransientCookieTruth, actual: CookieObservation): boolean =>
    matches(expected.name, actual.name) && expected.domain === actual.domain && expected.path === actual.path;
  return [
    ...truth.flatMap((expected) => {
      const found = observed.filter((actual) => isSame(expected, actual));
      const what = `transient cookie ${String(expected.name)} of ${expected.domain}${expected.path}`;
      return found.length === 0
        ? [`missing: ${what}`]
        : found.flatMap((actual) => lifeDifferences(expected, actual).map((text) => `${what}: ${text}`));
    }),
    ...observed
      .filter((actual) => !truth.some((expected) => isSame(expected, actual)))
      .map(({ name, domain, path }) => `unexpected: transient cookie ${name} of ${domain}${path}`),
  ];
}

/** Who began a transient cookie's life and what ended it. */
function lifeDifferences({ setBy, deletedBy }: TransientCookieTruth, actual: CookieObservation): string[] {
  const end = actual.events.at(-1);
  return [
    ...(actual.setBy.kind === setBy.kind ? [] : [`set by ${actual.setBy.kind}, not ${setBy.kind}`]),
    ...(matches(setBy.url, actual.setBy.url ?? '')
      ? []
      : [`set by ${String(actual.setBy.url)}, not ${String(setBy.url)}`]),
    ...(end?.action === 'deleted' && end.kind === deletedBy
      ? []
      : [`ended by ${JSON.stringify(end)}, not deleted by ${deletedBy}`]),
  ];
}

/** A refusal that the browser announces must be there with one of its words; further refusals are not compared. */
function blockedDifferences(
  truth: Site['truth']['blockedCookies'],
  observed: SiteObservation['blockedCookies'],
): string[] {
  return truth
    .filter(({ announced }) => announced)
    .filter(
      ({ name, url, reasons }) =>
        !observed.some(
          (cookie) =>
            cookie.name === name &&
            matches(url, cookie.url) &&
            cookie.reasons.some((reason) => reasons.includes(reason)),
        ),
    )
    .map(({ name, reasons }) => {
      const seen = observed.filter((cookie) => cookie.name === name);
      return `missing: refused cookie ${name} for ${reasons.join(' or ')}; seen: ${JSON.stringify(seen)}`;
    });
}

function storageDifferences(truth: Site['truth']['storage'], observed: SiteObservation['storage']): string[] {
  const isSame = (
    expected: Site['truth']['storage'][number],
    actual: SiteObservation['storage'][number],
  ): boolean =>
    actual.kind === expected.kind && actual.origin === expected.origin && matches(expected.key, actual.key);
  return [
    ...truth
      .filter((expected) => expected.required && !observed.some((actual) => isSame(expected, actual)))
      .map(({ kind, origin, key }) => `missing: ${kind} storage ${String(key)} of ${origin}`),
    ...observed
      .filter((actual) => !truth.some((expected) => isSame(expected, actual)))
      .map(({ kind, origin, key }) => `unexpected: ${kind} storage ${key} of ${origin}`),
    ...observed.flatMap((actual) => {
      const expected = truth.find((one) => isSame(one, actual))?.setBy ?? null;
      return expected === null || isSetter(expected, actual.setBy)
        ? []
        : [
            `${actual.kind} storage ${actual.key} of ${actual.origin} is set by ${JSON.stringify(actual.setBy)}`,
          ];
    }),
  ];
}

function isSetter({ kind, url, initiators }: SetterTruth, actual: Setter): boolean {
  return (
    kind === actual.kind &&
    matches(url, actual.url ?? '') &&
    initiators.every((expected) => actual.initiators.some((initiator) => matches(expected, initiator)))
  );
}

function aliasDifferences(
  truth: Site['truth']['aliasedHosts'],
  observed: SiteObservation['hosts'],
): string[] {
  const told = observed
    .filter(({ cnames }) => cnames.length > 0)
    .map(({ host, party, cnames }) => `${host} (${party}) is an alias: ${cnames.join(', ')}`);
  const expected = truth.map(
    ({ host, party, cnames }) => `${host} (${party}) is an alias: ${cnames.join(', ')}`,
  );
  return [
    ...expected.filter((text) => !told.includes(text)).map((text) => `missing: ${text}`),
    ...told.filter((text) => !expected.includes(text)).map((text) => `unexpected: ${text}`),
  ];
}

/** Whom the analysis calls a fingerprinter, by what was observed. */
function fingerprinterDifferences(truth: readonly UrlTruth[], observation: SiteObservation): string[] {
  const told = fingerprintingTechniques(observation);
  return [
    ...truth
      .filter((expected) => !told.some(({ scriptUrl }) => matches(expected, scriptUrl)))
      .map((expected) => `missing: ${String(expected)} fingerprints`),
    ...told
      .filter(({ scriptUrl }) => !truth.some((expected) => matches(expected, scriptUrl)))
      .map(
        ({ scriptUrl, techniques }) => `unexpected: ${scriptUrl} fingerprints by ${techniques.join(', ')}`,
      ),
  ];
}

/** Which identifiers went to other sites. */
function transferDifferences(
  truth: readonly TransferTruth[] | null,
  { identifierTransfers }: SiteObservation,
): string[] {
  if (truth === null) return [];
  const told = identifierTransfers.map((transfer) => transferText(transfer));
  const expected = truth.map((transfer) => transferText(transfer));
  return [
    ...expected.filter((text) => !told.includes(text)).map((text) => `missing: ${text}`),
    ...told.filter((text) => !expected.includes(text)).map((text) => `unexpected: ${text}`),
  ];
}

function transferText(transfer: TransferTruth | SiteObservation['identifierTransfers'][number]): string {
  const { fromHost, fromCookie, toHost, toCookie, carriedBy, encoding } = transfer;
  return `${fromHost} ${String(fromCookie)} goes to ${toHost} ${String(toCookie)} by ${carriedBy}, ${encoding}`;
}

/** How the scan ended, where, and with which status of the main document. */
export function outcomeDifferences(truth: Site['truth']['outcome'], observation: SiteObservation): string[] {
  const { status, statusReason, finalUrl, pages } = observation;
  const httpStatus = pages[0]?.httpStatus ?? null;
  const isFinalUrl = (expected: UrlTruth | null): boolean =>
    expected === null || finalUrl === null ? expected === finalUrl : matches(expected, finalUrl);
  return [
    ...(truth.statuses.includes(status)
      ? []
      : [`ends as ${status} (${String(statusReason)}), not ${truth.statuses.join(' or ')}`]),
    ...(truth.finalUrls.some(isFinalUrl)
      ? []
      : [`shows ${String(finalUrl)}, not ${truth.finalUrls.map(String).join(' or ')}`]),
    ...(truth.httpStatuses.includes(httpStatus)
      ? []
      : [`got status ${String(httpStatus)}, not ${truth.httpStatuses.map(String).join(' or ')}`]),
  ];
}

function matches(expected: string | RegExp, actual: string): boolean {
  return typeof expected === 'string' ? expected === actual : expected.test(actual);
}
