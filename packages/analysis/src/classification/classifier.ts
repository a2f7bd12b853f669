import type {
  AppliedOverride,
  CookieClassification,
  CookieObservation,
  FilterMatch,
  KnowledgeBase,
  KnowledgeMatch,
  KnownVendor,
  PurposeModel,
  SiteObservation,
  StorageObservation,
} from '@cookie-scanner/contracts';
import { cookieLifetime } from '../cookie-lifetime.ts';
import { guessPurpose, type PurposeGuess } from '../purpose-model/guess-purpose.ts';
import { hostOf, siteOf } from '../web-address.ts';
import { hostUrl } from './addresses.ts';
import { overrideFor } from './override-for.ts';
import { aliasesOf, nearestHosts, setterHosts } from './setter-hosts.ts';
import type { UnknownThing } from './unknown-thing.ts';

const DAY_SECONDS = 86_400;
/** Kinds of vendor that run or carry what belongs to others. */
const SERVES_OTHERS: ReadonlySet<string> = new Set(['cdn', 'hosting', 'tag-manager']);

/** What is taken into account beside the knowledge. */
export interface ClassifyOptions {
  /** Decisions of the workspace. */
  readonly overrides?: readonly AppliedOverride[];
  /** Judges what nobody knows by name; without one it stays unclassified. */
  readonly model?: PurposeModel | null;
  /** What the operator's filter lists say of the addresses of `addressesOf(observation)`. */
  readonly filterMatches?: readonly FilterMatch[];
}

/** Judges the things of one observation. */
export interface Classifier {
  ofCookie(cookie: CookieObservation): CookieClassification;
  ofStorageItem(item: StorageObservation): CookieClassification;
}

/** Makes the judge of one observation. */
export function classifier(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  { overrides = [], model = null, filterMatches = [] }: ClassifyOptions,
): Classifier {
  const rulesByUrl = Map.groupBy(filterMatches, ({ url }) => url);
  const rulesOf = (urls: readonly string[]): FilterMatch[] =>
    urls.flatMap((url) => rulesByUrl.get(url) ?? []);
  const aliases = aliasesOf(observation);
  const siteHost = hostOf(observation.finalUrl ?? observation.requestedUrl);
  const site = siteHost === null ? null : siteOf(siteHost);

  function judge(thing: UnknownThing): CookieClassification {
    const match = knowledge.findCookie(thing);
    const guess = match === null && model ? guessPurpose(model, thing, knowledge) : null;
    const known = match ? fromEntry(match, knowledge) : fromGuess(guess, model, thing, knowledge);
    const judged = {
      ...known,
      provenance: {
        ...known.provenance,
        filterRules: thing.filterRules.map(({ list, rule }) => ({ list, rule })),
      },
    };
    const override = overrideFor(overrides, thing);
    return override ? overridden(judged, override) : judged;
  }

  return {
    ofCookie: (cookie) =>
      judge({
        name: cookie.name,
        domain: cookie.domain,
        party: cookie.party,
        setterHosts: setterHosts(cookie.setBy, aliases),
        nearestHosts: nearestHosts(cookie.setBy, aliases),
        lifetimeDays: lifetimeDays(cookie, observation),
        flags: cookie,
        valueShape: cookie.valueShape,
        filterRules: rulesOf([...setterUrls(cookie.setBy), hostUrl(cookie.domain)]),
      }),
    ofStorageItem: (item) => {
      const host = hostOf(item.origin) ?? '';
      return judge({
        name: item.key,
        domain: host,
        party: site !== null && siteOf(host) === site ? 'first' : 'third',
        setterHosts: setterHosts(item.setBy, aliases),
        nearestHosts: nearestHosts(item.setBy, aliases),
        lifetimeDays: item.kind === 'session' ? 0 : null,
        flags: null,
        valueShape: item.valueShape,
        filterRules: rulesOf([...setterUrls(item.setBy), hostUrl(host)]),
      });
    },
  };
}

function setterUrls({ url }: CookieObservation['setBy']): string[] {
  return url === null ? [] : [url];
}

function lifetimeDays(cookie: CookieObservation, observation: SiteObservation): number | null {
  if (cookie.session) return 0;
  const lifetime = cookieLifetime(cookie, observation);
  return lifetime === null ? null : lifetime.seconds / DAY_SECONDS;
}

const NO_PROVENANCE = {
  entry: null,
  corroboratedBy: null,
  conflicts: [],
  override: null,
  guess: null,
  filterRules: [],
} satisfies CookieClassification['provenance'];

function fromEntry(match: KnowledgeMatch, { version }: KnowledgeBase): CookieClassification {
  const { entry, corroboratedBy, confidence, conflicts } = match;
  return {
    category: entry.category,
    purpose: entry.purpose ?? null,
    source: entry.match === 'exact' ? 'exact_entry' : 'pattern_entry',
    confidence,
    vendor: entry.vendor,
    company: entry.company,
    basis: version,
    provenance: { ...NO_PROVENANCE, entry: entry.id, corroboratedBy, conflicts: [...conflicts] },
  };
}

function fromGuess(
  guess: PurposeGuess | null,
  model: PurposeModel | null,
  thing: UnknownThing,
  knowledge: KnowledgeBase,
): CookieClassification {
  const vendor = vendorBehind(thing, knowledge);
  const whose = { vendor: vendor?.name ?? null, company: vendor?.company ?? null, purpose: null };
  const provenance = {
    ...NO_PROVENANCE,
    guess: guess && { category: guess.category, probability: guess.probability },
  };
  if (!guess?.isSure || !model) {
    return { ...whose, category: 'unclassified', source: 'none', confidence: null, basis: null, provenance };
  }
  return {
    ...whose,
    category: guess.category,
    source: 'model',
    confidence: guess.confidence,
    basis: `${model.name} ${model.version}`,
    provenance,
  };
}

/** Whose it is by its domain, or else by its nearest setter, also where that hides behind an alias. */
function vendorBehind({ domain, nearestHosts }: UnknownThing, knowledge: KnowledgeBase): KnownVendor | null {
  const vendors = [domain, ...nearestHosts].map((host) => knowledge.vendorOf(host));
  return vendors.find((vendor) => vendor !== null && !SERVES_OTHERS.has(vendor.kind)) ?? null;
}

function overridden(judged: CookieClassification, override: AppliedOverride): CookieClassification {
  const { id, reason, category } = override;
  return {
    ...judged,
    category,
    // The narrower purpose belongs to the category that was set aside.
    purpose: judged.category === category ? judged.purpose : null,
    source: 'override',
    confidence: 'high',
    basis: null,
    provenance: { ...judged.provenance, override: { id, reason, insteadOf: judged.category } },
  };
}
