import { siteObservationSchema, type SiteAccess, type SiteObservation } from '@cookie-scanner/contracts';
import { literalPattern } from '../literal-pattern.ts';
import { mapTexts } from '../map-texts.ts';
import { secretForms } from './secret-forms.ts';

/** Stands where a secret was. */
const REDACTED = '[redacted]';

/** Shorter values of headers and cookies stand in ordinary text all the time: `1`, `yes`, `de`. */
const WORD_CHARACTERS_MIN = 4;
/** Values of headers and cookies up to this length may be words, and count where they stand as one. */
const WORD_CHARACTERS_MAX = 7;

/** What whoever asked for the scan gave in the open, and what the engine says of itself. */
const NOT_OF_THE_SITE: ReadonlySet<string> = new Set([
  'requestedUrl',
  'statusReason',
  'engine',
  'visitor',
  'files',
]);

/** Takes the secrets of one scan out of everything that leaves it. */
export interface SecretScrubber {
  /** The text without secrets, in whatever form they travel. */
  readonly text: (text: string) => string;
  /** The observation without secrets, wherever a site echoed them. */
  readonly observation: (observation: SiteObservation) => SiteObservation;
  /** Headers whose values are secret, in small letters. */
  readonly headerNames: ReadonlySet<string>;
}

/** Knows all secrets of this access; null when there are none. */
export function secretScrubber(access: SiteAccess | null): SecretScrubber | null {
  if (access === null) return null;
  const { headers, cookies, httpCredentials, login } = access;
  const { username, password } = httpCredentials ?? { username: '', password: '' };
  const pair = `${username}:${password}`;
  const secrets = [
    ...Object.values(login?.secrets ?? {}),
    ...(httpCredentials ? [password, pair, Buffer.from(pair).toString('base64')] : []),
    // What follows the scheme, as in `Authorization: Bearer …`, is a secret of its own.
    ...headers.flatMap(({ value }) => [value, ...value.split(' ').slice(1)]).filter(isNoWord),
    ...cookies.map(({ value }) => value).filter(isNoWord),
  ];
  const words = [...headers, ...cookies].map(({ value }) => value).filter(isWord);
  const pattern = patternOf(secrets, words);
  const text = (value: string): string => (pattern ? value.replace(pattern, REDACTED) : value);
  const presets = new Set(cookies.map(({ name }) => name));
  return {
    text,
    observation: (observation) => scrubbed(withoutPresetValues(observation, presets), text),
    headerNames: new Set(headers.map(({ name }) => name)),
  };
}

/** The longest form first, because one may begin with another. Case does not count: addresses change it. */
function patternOf(secrets: readonly string[], words: readonly string[]): RegExp | null {
  const forms = new Set(secrets.flatMap((secret) => [...secretForms(secret)]));
  const anywhere = [...forms].sort((a, b) => b.length - a.length).map((form) => literalPattern(form));
  const alone = words.map((word) => `(?<![A-Za-z0-9])${literalPattern(word)}(?![A-Za-z0-9])`);
  const alternatives = [...anywhere, ...alone];
  return alternatives.length === 0 ? null : new RegExp(alternatives.join('|'), 'gi');
}

function isNoWord(value: string): boolean {
  return value.length > WORD_CHARACTERS_MAX;
}

function isWord(value: string): boolean {
  return value.length >= WORD_CHARACTERS_MIN && value.length <= WORD_CHARACTERS_MAX;
}

/** However short it is, the value of a cookie that the scan brought along is not told. */
function withoutPresetValues(observation: SiteObservation, presets: ReadonlySet<string>): SiteObservation {
  return {
    ...observation,
    cookies: observation.cookies.map((cookie) =>
      cookie.setBy.kind === 'preset' && presets.has(cookie.name) ? { ...cookie, value: REDACTED } : cookie,
    ),
  };
}

/** The observation with every text of the site changed. */
function scrubbed(observation: SiteObservation, text: (value: string) => string): SiteObservation {
  const changed = mapTexts(observation, text);
  const kept = Object.entries(observation).filter(([name]) => NOT_OF_THE_SITE.has(name));
  return withOwnWords({ ...changed, ...Object.fromEntries(kept) }, observation);
}

/**
 * Puts back what the engine wrote in words of the contract: a secret such as `accept` must not make an observation
 * unreadable, and where the contract takes no other text a site cannot have put a secret.
 */
function withOwnWords(changed: SiteObservation, original: SiteObservation): SiteObservation {
  for (const { path } of siteObservationSchema.safeParse(changed).error?.issues ?? []) {
    const last = path.at(-1);
    if (last === undefined) continue;
    const holder = path.slice(0, -1).reduce<unknown>(partOf, changed) as Record<PropertyKey, unknown>;
    holder[last] = path.reduce<unknown>(partOf, original);
  }
  return changed;
}

function partOf(whole: unknown, key: PropertyKey): unknown {
  return (whole as Record<PropertyKey, unknown> | undefined)?.[key];
}
