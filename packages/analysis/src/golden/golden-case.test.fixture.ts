import {
  consentRunSchema,
  cookieObservationSchema,
  type ConsentState,
  type CookieInState,
  type CookieObservation,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { readFileSync } from 'node:fs';

/** How a cookie fared in a consent state, in the few words that golden files use. */
const FATES = {
  before: { beforeChoice: true, setAfterChoice: false, atEnd: true },
  'before, then gone': { beforeChoice: true, setAfterChoice: false, atEnd: false },
  'before and after': { beforeChoice: true, setAfterChoice: true, atEnd: true },
  after: { beforeChoice: false, setAfterChoice: true, atEnd: true },
} as const;

/** One situation with the verdicts that people found right, as it stands in a file. */
export interface GoldenCase {
  /** What the site does, for whoever reviews the verdicts. */
  readonly situation: string;
  readonly observation?: Partial<SiteObservation>;
  /** What differs from an ordinary session cookie; `seen` says how it fared by state. */
  readonly cookies: readonly (Partial<CookieObservation> & {
    readonly seen?: Partial<Record<ConsentState, keyof typeof FATES>>;
    readonly afterWithdrawal?: boolean;
  })[];
  /** What differs from a run without a banner, by state. */
  readonly runs?: Partial<Record<ConsentState, Record<string, unknown>>>;
  /** `<severity>, <confidence> confidence: <rule>: <title>`, in the order of the judgement. */
  readonly verdicts: readonly string[];
  readonly score: number | null;
  readonly confidence: string;
}

/** Reads a golden file. @param name - such as `set-after-reject` */
export function goldenCase(name: string): GoldenCase {
  return JSON.parse(readFileSync(new URL(`${name}.golden.json`, import.meta.url), 'utf8')) as GoldenCase;
}

/** The observation that a golden file means, whole and checked against the contract. */
export function goldenObservation({ cookies, runs = {}, observation = {} }: GoldenCase): SiteObservation {
  const whole = cookies.map(({ seen = {}, afterWithdrawal = null, ...cookie }) => {
    const inStates = Object.entries(seen).map(([state, fate]) => ({
      state: state as ConsentState,
      ...FATES[fate],
      afterWithdrawal: state === 'accept' ? afterWithdrawal : null,
    }));
    return cookieObservationSchema.parse(sampleCookie({ ...withLife(cookie), ...statesOf(inStates) }));
  });
  return sampleObservation(whole, {
    ...observation,
    consent: {
      gpcDeclaration: null,
      declarations: [],
      ...observation.consent,
      runs: Object.entries(runs).map(([state, run]) =>
        consentRunSchema.parse({ ...QUIET_RUN, ...run, state }),
      ),
    },
  });
}

function statesOf(inStates: CookieInState[]): Partial<CookieObservation> {
  return inStates.length === 0 ? {} : { inStates, consentStates: inStates.map(({ state }) => state) };
}

/** A cookie that says how long it lives is no session cookie. */
function withLife(cookie: Partial<CookieObservation>): Partial<CookieObservation> {
  const seconds = cookie.declaredLifetimeSeconds ?? null;
  if (seconds === null) return cookie;
  const grantedMs = Math.min(seconds, 400 * 86_400) * 1_000;
  const expiresAt = new Date(Date.parse('2026-11-22T09:00:00.012Z') + grantedMs).toISOString();
  return { session: false, expiresAt, ...cookie };
}

const NO_BANNER = {
  found: false,
  waitedMs: 30_000,
  foundBy: null,
  kind: null,
  place: null,
  operable: false,
  atMs: null,
};

const QUIET_RUN = {
  status: 'success',
  statusReason: null,
  durationMs: 4_000,
  finalUrl: 'https://shop.example/',
  banner: NO_BANNER,
  actions: [],
  outcome: 'no_banner',
  outcomeEvidence: [],
  choiceAtMs: null,
  reloadedAtMs: null,
  bannerAfterReload: null,
  withdrawal: null,
  tcf: [],
  gpp: [],
  consentMode: [],
  thirdPartyHosts: [],
};
