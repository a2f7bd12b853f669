import { stableName } from '../identity/stable-name.ts';

/** What the model is told of a cookie or a storage item: only what knowledge says of those it learns from as well. */
export interface PurposeFacts {
  readonly name: string;
  readonly party: 'first' | 'third';
  /** Days; 0 for the length of a browser session, null where nobody knows. */
  readonly lifetimeDays: number | null;
  /** Kind of vendor behind the domain or the setter, such as `ad`; null where there is none or nobody knows. */
  readonly vendorKind: string | null;
}

/** Pieces that people put into the names of cookies, also run together with others, as in `usersessionid`. */
const PIECES = [
  'sess csrf xsrf nonce state token auth login account secure sec captcha challenge bot waf device finger',
  'consent cookie banner shown seen opt pref setting lang locale country currency theme color mode',
  'cart basket checkout shop store wish compare recent prod cust',
  'visit user uid uuid guid anon ident page view count first last time date',
  'track analytic stat metric segment test exp variant survey feedback score',
  'referr utm campaign camp click gclid conv aff partner promo popup modal bid rtb pixel match audience geo sync',
  'cache load balanc route server affinity node redirect video player chat widget',
].flatMap((line) => line.split(' '));
/** A name that is longer says nothing more. */
const NAME_LENGTH_MAX = 60;

/** Upper ends of the lifetimes that are told apart, in days. */
const LIFETIMES = [
  { daysMax: 0, label: 'session' },
  { daysMax: 1 / 24, label: 'hour' },
  { daysMax: 1, label: 'day' },
  { daysMax: 7, label: 'week' },
  { daysMax: 31, label: 'month' },
  { daysMax: 92, label: 'quarter' },
  { daysMax: 190, label: 'half-year' },
  { daysMax: 400, label: 'year' },
] as const;

/** The names of the features that something has, each once: pieces of its name, party, lifetime, kind of vendor. */
export function purposeFeatures({ name, party, lifetimeDays, vendorKind }: PurposeFacts): string[] {
  const stable = stableName(name).slice(0, NAME_LENGTH_MAX);
  return [
    ...new Set([
      ...words(stable).map((word) => `word:${word}`),
      ...PIECES.filter((piece) => stable.toLowerCase().includes(piece)).map((piece) => `has:${piece}`),
      `lead:${/^_*/.exec(stable)?.[0].length ?? 0}`,
      `case:${letterCase(stable)}`,
      `length:${lengthLabel(stable.length)}`,
      `party:${party}`,
      `lifetime:${lifetimeLabel(lifetimeDays)}`,
      `lifetime:${lifetimeLabel(lifetimeDays)}:${party}`,
      ...(vendorKind === null ? [] : [`vendor:${vendorKind}`, `vendor:${vendorKind}:${party}`]),
    ]),
  ];
}

/** Parts of a name between separators, changes of case and digits, in small letters. */
function words(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word.length > 1)
    .map((word) => word.toLowerCase());
}

function letterCase(name: string): string {
  if (!/[a-z]/i.test(name)) return 'none';
  if (!/[a-z]/.test(name)) return 'upper';
  return /[A-Z]/.test(name) ? 'mixed' : 'lower';
}

function lengthLabel(length: number): string {
  if (length <= 3) return 'tiny';
  if (length <= 7) return 'short';
  return length <= 15 ? 'middle' : 'long';
}

function lifetimeLabel(days: number | null): string {
  if (days === null) return 'unknown';
  return LIFETIMES.find(({ daysMax }) => days <= daysMax)?.label ?? 'longer';
}
