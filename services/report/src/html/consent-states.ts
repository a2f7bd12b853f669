import { CATEGORY_WORDS, type Analysis } from '@cookie-scanner/analysis';
import type {
  ConsentRun,
  ConsentState,
  CookieCategory,
  CookieInState,
  SiteObservation,
} from '@cookie-scanner/contracts';
import { STATE_NAMES, STATE_ORDER } from './state-names.ts';

/** Cookies listed one by one; the tables of cookies have them all. */
const COOKIES_SHOWN_MAX = 200;

/** How a cell reads: something that must not be, something as it should be, or neither. */
type Tone = 'bad' | 'good' | 'plain' | 'none';

interface Cell {
  readonly state: string;
  readonly text: string;
  readonly tone: Tone;
}

/** The consent states of one scan side by side. */
export interface ConsentStates {
  readonly columns: readonly { readonly title: string; readonly what: string }[];
  /** Cookies at the end of each visit, by category. */
  readonly counts: readonly {
    readonly category: string;
    readonly key: CookieCategory;
    readonly cells: readonly Cell[];
  }[];
  readonly cookies: readonly {
    readonly name: string;
    readonly domain: string;
    readonly key: CookieCategory;
    readonly cells: readonly Cell[];
  }[];
  /** "12 more are in the tables below"; null when all are here. */
  readonly leftOut: string | null;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
}

/** Puts the runs of a consent audit side by side; null for a scan that looked at one state only. */
export function consentStates({ consent }: SiteObservation, { cookies }: Analysis): ConsentStates | null {
  const runs = STATE_ORDER.flatMap((state) => consent.runs.find((run) => run.state === state) ?? []);
  if (runs.length === 0) return null;
  const ordered = CATEGORIES.flatMap((key) =>
    cookies.filter(({ classification }) => classification.category === key),
  );
  const listed = ordered.filter(
    ({ classification, cookie }) => classification.category !== 'necessary' && cookie.inStates.length > 0,
  );
  const left = listed.length - COOKIES_SHOWN_MAX;
  return {
    columns: runs.map((run) => ({ title: STATE_NAMES[run.state].title, what: whatHappened(run) })),
    counts: CATEGORIES.flatMap((key) => {
      const ofCategory = ordered.filter(({ classification }) => classification.category === key);
      if (ofCategory.length === 0) return [];
      const cells = runs.map(({ state }) =>
        countCell(
          state,
          key,
          ofCategory.filter(({ cookie }) =>
            cookie.inStates.some((seen) => seen.state === state && seen.atEnd),
          ).length,
        ),
      );
      return [{ category: CATEGORY_WORDS[key].name, key, cells }];
    }),
    cookies: listed.slice(0, COOKIES_SHOWN_MAX).map(({ cookie, classification: { category: key } }) => ({
      name: cookie.name,
      domain: cookie.domain,
      key,
      cells: runs.map(({ state }) =>
        cookieCell(
          state,
          key,
          cookie.inStates.find((seen) => seen.state === state),
        ),
      ),
    })),
    leftOut: left > 0 ? `${left} more are in the tables of cookies below.` : null,
    facts: factsOf(consent, runs),
  };
}

const CATEGORIES: readonly CookieCategory[] = [
  'marketing',
  'analytics',
  'functional',
  'unclassified',
  'necessary',
];

function whatHappened({ status, outcome, banner, actions }: ConsentRun): string {
  if (status === 'failed' || status === 'blocked') return 'This visit did not succeed';
  const pressed = actions.flatMap(({ text }) => (text === null ? [] : [`“${text}”`])).join(', then ');
  switch (outcome) {
    case 'taken':
      return pressed === '' ? 'The banner was answered' : `Pressed ${pressed}`;
    case 'untaken':
      return `Pressed ${pressed === '' ? 'the banner' : pressed}; nothing changed`;
    case 'not_asked':
      return banner.found ? 'A banner, left alone' : 'No banner was shown';
    case 'no_banner':
      return 'No banner was shown';
    case 'not_operable':
      return 'The banner could not be pressed';
    case 'not_offered':
      return 'The banner does not offer this';
  }
}

/** States in which nobody has agreed to anything. */
const isWithoutConsent = (state: ConsentState): boolean => state !== 'accept';

function countCell(state: ConsentState, category: CookieCategory, count: number): Cell {
  return {
    state: STATE_NAMES[state].title,
    text: String(count),
    tone: count === 0 ? 'none' : toneOf(state, category),
  };
}

function toneOf(state: ConsentState, category: CookieCategory): Tone {
  if (category === 'necessary' || category === 'unclassified' || !isWithoutConsent(state)) return 'plain';
  // Global Privacy Control is about selling and sharing, so about marketing.
  return state === 'gpc' && category !== 'marketing' ? 'plain' : 'bad';
}

function cookieCell(state: ConsentState, category: CookieCategory, seen: CookieInState | undefined): Cell {
  const title = STATE_NAMES[state].title;
  if (seen === undefined) return { state: title, text: 'not there', tone: 'none' };
  const withdrawn =
    seen.afterWithdrawal === null
      ? ''
      : seen.afterWithdrawal
        ? ', stays when withdrawn'
        : ', goes when withdrawn';
  const needsConsent = category !== 'necessary' && category !== 'unclassified';
  const text = `${fate(seen, state)}${withdrawn}`;
  if (needsConsent && seen.afterWithdrawal === true) return { state: title, text, tone: 'bad' };
  if (seen.atEnd) return { state: title, text, tone: toneOf(state, category) };
  return { state: title, text, tone: needsConsent ? 'good' : 'plain' };
}

function fate({ beforeChoice, setAfterChoice, atEnd }: CookieInState, state: ConsentState): string {
  const hasChoice = state !== 'untouched' && state !== 'gpc';
  if (!hasChoice) return atEnd ? 'there' : 'there for a while';
  if (beforeChoice && !atEnd) return 'removed';
  if (beforeChoice) return setAfterChoice ? 'there, set again' : state === 'accept' ? 'there' : 'stays';
  return atEnd ? 'set' : 'set for a while';
}

function factsOf(
  { gpcDeclaration, declarations }: SiteObservation['consent'],
  runs: readonly ConsentRun[],
): { label: string; text: string }[] {
  const banner = runs.find((run) => run.banner.found)?.banner ?? null;
  const reject = runs.find(({ state }) => state === 'reject');
  const accept = runs.find(({ state }) => state === 'accept');
  return [
    {
      label: 'Banner',
      text: banner === null ? 'none was found' : banner.text === '' ? 'found' : banner.text,
    },
    ...(banner?.manager ? [{ label: 'Consent manager', text: banner.manager.name }] : []),
    ...(reject?.bannerAfterReload === null || reject === undefined
      ? []
      : [
          {
            label: 'After refusing and loading again',
            text: reject.bannerAfterReload ? 'the banner is back' : 'the banner stays away',
          },
        ]),
    ...(accept?.withdrawal
      ? [
          {
            label: 'Withdrawing consent',
            text: accept.withdrawal.done
              ? 'is offered, and was done'
              : accept.withdrawal.offered
                ? 'is offered, and could not be done'
                : 'no way was found',
          },
        ]
      : []),
    ...(gpcDeclaration === null
      ? []
      : [
          {
            label: 'The site’s own word on Global Privacy Control',
            text:
              gpcDeclaration.honoursGpc === null
                ? 'none'
                : gpcDeclaration.honoursGpc
                  ? 'it honours it'
                  : 'it does not honour it',
          },
        ]),
    ...declarations.map(({ source, cookies }) => ({
      label: 'The site’s own list of cookies',
      text: `${source}, ${cookies.length} cookies`,
    })),
  ];
}
