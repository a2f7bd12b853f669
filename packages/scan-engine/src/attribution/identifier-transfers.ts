import { createHmac, randomBytes } from 'node:crypto';
import { couldBeIdentifier, type IdentifierTransfer, type ValueEncoding } from '@cookie-scanner/contracts';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import type { RequestRecord } from '../collectors/request-log.ts';
import { siteOf } from '../site.ts';
import { valueShapeOf } from '../value-shape.ts';
import type { CookieWrite } from './cookie-writes.ts';
import type { InitiatorChains } from './initiator-chain.ts';
import { sentMessages, type SentMessage, type SentValue } from './sent-values.ts';
import { encodingsOf } from './value-encodings.ts';

/** Shorter values are equal by chance. */
const LENGTH_MIN = 8;
const LENGTH_MAX = 4_096;
/** A site can set cookies without end; hashing them all would take long. */
const IDENTIFIERS_MAX = 500;
const TRANSFERS_MAX = 500;
/** Between an answer and the request that it causes, events can come in the wrong order. */
const DISORDER_MS = 200;

/** Somebody who holds an identifier: the host that a cookie belongs to. */
interface Holder {
  readonly host: string;
  readonly site: string;
  readonly cookie: string;
  readonly sinceMs: number;
}

interface Identifier {
  readonly value: string;
  readonly holders: Holder[];
}

interface Match {
  readonly identifier: Identifier;
  readonly encoding: ValueEncoding;
}

/** What is looked through for identifiers that go from one host to another. */
interface TransferSources {
  readonly writes: readonly CookieWrite[];
  readonly jar: readonly JarCookie[];
  readonly requests: readonly RequestRecord[];
  readonly chains: InitiatorChains;
}

/**
 * Finds the values of cookies that were sent to another site than the cookie's, as they are, in parts, or hashed; and
 * identifiers in addresses that a redirect took along to another site.
 *
 * The values themselves stay here. Their hashes are made with a key that nobody keeps.
 */
export function identifierTransfers(sources: TransferSources): IdentifierTransfer[] {
  const identifiers = cookieIdentifiers(sources);
  const matches = new Map<string, Match>();
  for (const identifier of identifiers.values())
    for (const [text, encoding] of encodingsOf(identifier.value))
      if (!matches.has(text.toLowerCase())) matches.set(text.toLowerCase(), { identifier, encoding });

  const key = randomBytes(32);
  const hashOf = (value: string): string =>
    createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
  const found = new Map<string, IdentifierTransfer>();
  const add = (transfer: IdentifierTransfer): void => {
    const { fromHost, toHost, carriedBy, encoding, fromCookie, parameter, valueHash } = transfer;
    const id = JSON.stringify([fromHost, toHost, carriedBy, encoding, fromCookie, parameter, valueHash]);
    const known = found.get(id);
    if (known) known.count += 1;
    else if (found.size < TRANSFERS_MAX) found.set(id, transfer);
  };

  for (const message of sentMessages(sources.requests)) {
    for (const sent of message.values) {
      const match = matchOf(sent.text, matches);
      const from = match ? holderBefore(match.identifier, message) : redirectingHost(message, sent);
      if (!from) continue;
      const value = match?.identifier.value ?? sent.text;
      add({
        fromHost: from.host,
        toHost: message.url.hostname,
        carriedBy: cameByRedirect(message, from.site) ? 'redirect' : sent.place,
        encoding: match?.encoding ?? 'plain',
        fromCookie: from.cookie,
        toCookie: cookieOf(match?.identifier ?? identifiers.get(value), siteOf(message.url.href)),
        parameter: sent.name,
        url: withoutValues(message.url, matches),
        initiators: sources.chains.ofRequest(message.request, message.hopIndex),
        valueHash: hashOf(value),
        atMs: Math.round(message.atMs),
        count: 1,
      });
    }
  }
  return [...found.values()];
}

/** Values of cookies, and parts of them, that could tell visitors apart, with everybody who holds them. */
function cookieIdentifiers({ writes, jar }: TransferSources): Map<string, Identifier> {
  const identifiers = new Map<string, Identifier>();
  const add = (text: string, host: string, cookie: string, sinceMs: number): void => {
    for (const value of partsOf(text).filter(isIdentifying)) {
      const identifier = identifiers.get(value) ?? { value, holders: [] };
      if (!identifiers.has(value) && identifiers.size >= IDENTIFIERS_MAX) continue;
      identifiers.set(value, identifier);
      const isKnown = identifier.holders.some((holder) => holder.host === host && holder.cookie === cookie);
      if (!isKnown) identifier.holders.push({ host, site: siteOf(host), cookie, sinceMs });
    }
  };
  for (const { cookie, host, atMs, outcome } of writes)
    if (outcome !== 'refused') add(cookie.value, cookie.domain ?? host, cookie.name, atMs);
  for (const { value, domain, name } of jar) add(value, domain.replace(/^\./, ''), name, Infinity);
  return identifiers;
}

/** The value, and its parts between signs that separate; of `GA1.1.1234.5678` also what follows the first two. */
function partsOf(text: string): string[] {
  const plain = decoded(text);
  const dotted = plain.split('.');
  const parts = [
    plain,
    ...plain.split(/[|&;:,!~*%="'{}[\]\s]+/),
    ...dotted,
    ...(dotted.length > 3 ? [dotted.slice(2).join('.')] : []),
    ...(dotted.length > 2 ? [dotted.slice(-2).join('.')] : []),
  ];
  return [...new Set(parts)];
}

function isIdentifying(text: string): boolean {
  return text.length >= LENGTH_MIN && text.length <= LENGTH_MAX && couldBeIdentifier(valueShapeOf(text));
}

/** An address without query, and without the steps of its path that are identifiers themselves. */
function withoutValues({ origin, pathname }: URL, matches: ReadonlyMap<string, Match>): string {
  const steps = pathname.split('/').map((step) => (matchOf(decoded(step), matches) ? '*' : step));
  return `${origin}${steps.join('/')}`;
}

/** The identifier in a value that was sent: all of it, or a part. */
function matchOf(text: string, matches: ReadonlyMap<string, Match>): Match | null {
  if (text.length < LENGTH_MIN || text.length > LENGTH_MAX) return null;
  const whole = matches.get(text.toLowerCase());
  if (whole) return whole;
  for (const part of partsOf(text)) {
    const match = matches.get(part.toLowerCase());
    if (match) return match;
  }
  return null;
}

/** Who of another site than the receiver's held the identifier first; null when the receiver knew it before. */
function holderBefore({ holders }: Identifier, message: SentMessage): Holder | null {
  const site = siteOf(message.url.href);
  const known = holders
    .filter(({ sinceMs }) => sinceMs <= message.atMs + DISORDER_MS)
    .sort((a, b) => a.sinceMs - b.sinceMs);
  const redirecting = known.find((holder) => holder.site !== site && cameByRedirect(message, holder.site));
  if (redirecting) return redirecting;
  const first = known[0];
  return first && first.site !== site ? first : null;
}

function cameByRedirect({ request, hopIndex }: SentMessage, site: string): boolean {
  const previous = request.hops[hopIndex - 1];
  return previous !== undefined && siteOf(previous.url) === site;
}

/** The host before in a chain of redirects, when it handed on a value that it was given itself. */
function redirectingHost(
  { request, hopIndex, url }: SentMessage,
  { place, text }: SentValue,
): { host: string; site: string; cookie: null } | null {
  const previous = request.hops[hopIndex - 1];
  if (place !== 'query' || !previous || !URL.canParse(previous.url) || !isIdentifying(text)) return null;
  const { searchParams, hostname } = new URL(previous.url);
  const site = siteOf(hostname);
  const wasGiven = [...searchParams.values()].includes(text);
  return wasGiven && site !== siteOf(url.href) ? { host: hostname, site, cookie: null } : null;
}

function cookieOf(identifier: Identifier | undefined, site: string): string | null {
  return identifier?.holders.find((holder) => holder.site === site)?.cookie ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
