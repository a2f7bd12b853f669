import type { CookieTruth, SetterTruth, UrlTruth } from './truth.ts';

/** What a scanner says of one cookie. A field that is absent is not compared. */
export interface ObservedCookie {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly hostOnly: boolean;
  readonly partitionKey: string | null;
  readonly party: 'first' | 'third';
  readonly setBy: {
    readonly kind: string;
    readonly url: string | null;
    readonly initiators?: readonly string[];
  };
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string;
  readonly session: boolean;
  /** Null where the scanner keeps no values. */
  readonly value?: string | null;
  /** Seconds from the moment it was set, give or take {@link LIFETIME_TOLERANCE_SECONDS}. */
  readonly lifetimeSeconds?: number | null;
  /** Seconds of life that the setter asked for; null for a session cookie or when not seen. */
  readonly declaredLifetimeSeconds?: number | null;
}

/** Clocks of page, browser and scanner differ by as much as the page life that was skipped over. */
const LIFETIME_TOLERANCE_SECONDS = 120;

/**
 * Compares what a scanner saw with the truth, cookie by cookie. A cookie is known by name, domain, path and
 * partition key.
 *
 * @returns one plain sentence per difference; empty when all is right
 */
export function truthDifferences(
  truth: readonly CookieTruth[],
  observed: readonly ObservedCookie[],
): string[] {
  const unmatched = [...observed];
  const differences: string[] = [];
  for (const expected of truth) {
    const index = unmatched.findIndex((candidate) => identity(candidate) === identity(expected));
    const actual = index < 0 ? undefined : unmatched.splice(index, 1)[0];
    if (actual === undefined) differences.push(`missing: ${identity(expected)}`);
    else
      differences.push(...fieldDifferences(expected, actual).map((text) => `${identity(expected)}: ${text}`));
  }
  return [...differences, ...unmatched.map((cookie) => `unexpected: ${identity(cookie)}`)];
}

function identity(cookie: Pick<CookieTruth, 'name' | 'domain' | 'path' | 'partitionKey'>): string {
  const partition = cookie.partitionKey === null ? '' : ` partitioned by ${cookie.partitionKey}`;
  return `cookie ${JSON.stringify(cookie.name)} of ${cookie.domain}${cookie.path}${partition}`;
}

function fieldDifferences(expected: CookieTruth, actual: ObservedCookie): string[] {
  const fields = ['hostOnly', 'party', 'httpOnly', 'secure', 'sameSite'] as const;
  const plain = fields
    .filter((field) => expected[field] !== actual[field])
    .map((field) => `${field} is ${String(actual[field])}, not ${String(expected[field])}`);
  return [
    ...plain,
    ...sessionDifferences(expected, actual),
    ...lifetimeDifferences('lives', expected.lifetimeSeconds, actual.lifetimeSeconds),
    ...lifetimeDifferences('was to live', expected.declaredLifetimeSeconds, actual.declaredLifetimeSeconds),
    ...valueDifferences(expected.value, actual.value),
    ...setterDifferences(expected.setBy, actual.setBy),
  ];
}

function sessionDifferences(expected: CookieTruth, actual: ObservedCookie): string[] {
  const shouldBeSession = expected.lifetimeSeconds === null;
  return actual.session === shouldBeSession
    ? []
    : [`session is ${String(actual.session)}, not ${String(shouldBeSession)}`];
}

function lifetimeDifferences(
  verb: string,
  expected: number | null,
  actual: number | null | undefined,
): string[] {
  if (expected === null || actual === undefined || actual === null) return [];
  const isClose = Math.abs(actual - expected) <= LIFETIME_TOLERANCE_SECONDS;
  return isClose ? [] : [`${verb} ${actual} s, not ${expected} s`];
}

function valueDifferences(expected: UrlTruth, actual: string | null | undefined): string[] {
  if (actual === undefined || actual === null || matches(expected, actual)) return [];
  return [`value is ${JSON.stringify(actual)}, not ${String(expected)}`];
}

function setterDifferences(expected: SetterTruth, actual: ObservedCookie['setBy']): string[] {
  const differences: string[] = [];
  if (actual.kind !== expected.kind) differences.push(`set by ${actual.kind}, not ${expected.kind}`);
  if (actual.url === null || !matches(expected.url, actual.url)) {
    differences.push(`set by ${String(actual.url)}, not ${String(expected.url)}`);
  }
  const { initiators } = actual;
  if (initiators === undefined) return differences;
  const absent = expected.initiators.filter((wanted) => !initiators.some((url) => matches(wanted, url)));
  return [...differences, ...absent.map((wanted) => `${String(wanted)} is not among its initiators`)];
}

function matches(expected: UrlTruth, actual: string): boolean {
  return typeof expected === 'string' ? expected === actual : expected.test(actual);
}
