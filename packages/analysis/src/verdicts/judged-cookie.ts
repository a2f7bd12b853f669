import type {
  Confidence,
  ConsentState,
  CookieClassification,
  CookieInState,
  CookieObservation,
} from '@cookie-scanner/contracts';
import type { CookieLifetime } from '../cookie-lifetime.ts';
import type { SetterChain } from '../setter-chain.ts';
import { clipText } from '../visible-text.ts';

const NAME_LENGTH_MAX = 60;

/** A cookie with everything that rules ask about it. */
export interface JudgedCookie {
  readonly cookie: CookieObservation;
  readonly classification: CookieClassification;
  /** The same for the same cookie in every scan of a site, also where its name rotates. */
  readonly identity: string;
  readonly chain: SetterChain;
  /** Null for a session cookie. */
  readonly lifetime: CookieLifetime | null;
}

/** True for cookies that count or follow people. */
export function isTracking({ classification: { category } }: JudgedCookie): boolean {
  return category === 'analytics' || category === 'marketing';
}

/** True for cookies that are known to need consent. Of unknown ones nobody can say it. */
export function needsConsent(judged: JudgedCookie): boolean {
  return isTracking(judged) || judged.classification.category === 'functional';
}

/** True where the category is no more than a guess. */
export function isGuess({ classification: { confidence } }: JudgedCookie): boolean {
  return confidence === 'low';
}

/** How sure a finding can be that rests on the category of a cookie. */
export function categoryConfidence({ classification: { confidence } }: JudgedCookie): Confidence {
  return confidence ?? 'low';
}

/** What became of a cookie in a consent state; null when it was not met there. */
export function inState({ cookie }: JudgedCookie, state: ConsentState): CookieInState | null {
  return cookie.inStates.find((seen) => seen.state === state) ?? null;
}

/** A cookie's name, short enough for a sentence. */
export function cookieName({ cookie: { name } }: JudgedCookie): string {
  if (name === '') return '(no name)';
  const { shown, cutFrom } = clipText(name, NAME_LENGTH_MAX);
  return cutFrom === null ? shown : `${shown}…`;
}
