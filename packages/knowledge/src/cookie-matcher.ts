import type { CookieQuestion, KnowledgeEntry, KnowledgeMatch, KnownVendor } from '@cookie-scanner/contracts';
import { liesUnder, type VendorDirectory } from './vendor-directory.ts';

/** Prefixes shorter than this swallow names that have nothing to do with them. */
const LONE_PREFIX_LENGTH_MIN = 4;
/** Names shorter than this are in use by many; alone they say nothing. */
const LONE_NAME_LENGTH_MIN = 4;

/** Products of entries about names that any site may give its own cookies, and so may any third party. */
const OF_ANY_SITE = /of the site itself$|^Protection against/;

/** Kinds of host that serve other people's scripts, and so say nothing about whose script it is. */
const NEUTRAL_KINDS: ReadonlySet<string> = new Set(['cdn', 'hosting', 'tag-manager', 'utility', 'other']);

const CONFIDENCES = ['low', 'medium', 'high'] as const;
type Confidence = (typeof CONFIDENCES)[number];

interface SetterHost {
  readonly host: string;
  /** Null when nobody knows. */
  readonly vendor: KnownVendor | null;
}

interface Candidate {
  readonly entry: KnowledgeEntry;
  readonly corroboratedBy: KnowledgeMatch['corroboratedBy'];
  readonly confidence: Confidence;
}

/**
 * Makes the function that finds the entry for a cookie. An exact name beats a prefix and a long prefix a short one; among
 * equals, what the domain speaks for wins, then our own entries, then what the setter speaks for. An entry that names domains counts
 * only when one of them fits: `td` on a shop's own domain is not Google's.
 */
export function cookieMatcher(
  entries: readonly KnowledgeEntry[],
  vendors: VendorDirectory,
): (question: CookieQuestion) => KnowledgeMatch | null {
  const exact = groupByName(entries.filter(({ match }) => match === 'exact'));
  const prefixes = groupByName(entries.filter(({ match }) => match === 'prefix'));

  return (question) => {
    const setters = question.setterHosts.map((host) => ({ host, vendor: vendors.vendorOf(host) }));
    const groups = [exact.get(question.name) ?? [], ...prefixGroups(prefixes, question.name)];
    const tiers = groups.map((group) => group.flatMap((entry) => judge(entry, question, setters) ?? []));
    const best = tiers.find((tier) => tier.length > 0);
    if (!best) return null;
    const [first] = best.toSorted(byStrength);
    return first ? withConflicts(first, best) : null;
  };
}

function groupByName(entries: readonly KnowledgeEntry[]): Map<string, KnowledgeEntry[]> {
  return Map.groupBy(entries, ({ name }) => name);
}

/** Entries whose prefix the name begins with, the longest prefix first. The whole name counts as its own prefix. */
function prefixGroups(prefixes: ReadonlyMap<string, KnowledgeEntry[]>, name: string): KnowledgeEntry[][] {
  const groups: KnowledgeEntry[][] = [];
  for (let length = name.length; length > 0; length -= 1) {
    const group = prefixes.get(name.slice(0, length));
    if (group) groups.push(group);
  }
  return groups;
}

function judge(
  entry: KnowledgeEntry,
  question: CookieQuestion,
  setters: readonly SetterHost[],
): Candidate | null {
  if (entry.suffix !== undefined && !question.name.endsWith(entry.suffix)) return null;
  if (question.party === 'third' && OF_ANY_SITE.test(entry.vendor)) return null;
  const corroboratedBy = corroboration(entry, question, setters);
  if (corroboratedBy !== 'name') return { entry, corroboratedBy, confidence: 'high' };
  if (entry.domains.length > 0) return null;
  const confidence = aloneConfidence(entry);
  if (confidence === null) return null;
  // What a third party runs is its business; that its framework needs the cookie does not make the site need it.
  if (question.party === 'third' && entry.company === 'first party') {
    return { entry, corroboratedBy, confidence: 'low' };
  }
  if (!isContradicted(entry, setters)) return { entry, corroboratedBy, confidence };
  const lowered = lower(confidence);
  return lowered === null ? null : { entry, corroboratedBy, confidence: lowered };
}

function corroboration(
  entry: KnowledgeEntry,
  { domain }: CookieQuestion,
  setters: readonly SetterHost[],
): KnowledgeMatch['corroboratedBy'] {
  if (entry.domains.some((known) => liesUnder(domain, known))) return 'domain';
  // A tag manager runs code of others and of the site under its own address, so to a name that anybody may choose it adds
  // nothing.
  const speaks = (vendor: KnownVendor | null): boolean =>
    vendor === null || !NEUTRAL_KINDS.has(vendor.kind) || aloneConfidence(entry) !== null;
  const isByItsSetter =
    setters.some(({ vendor }) => vendor !== null && speaks(vendor) && isSameCompany(entry, vendor)) ||
    setters.some(
      ({ host, vendor }) => speaks(vendor) && entry.domains.some((known) => liesUnder(host, known)),
    );
  return isByItsSetter ? 'setter' : 'name';
}

/** How much a name says with nothing beside it; null when it says nothing. */
function aloneConfidence(entry: KnowledgeEntry): Confidence | null {
  const isOwn = entry.id.startsWith('own:');
  if (OF_ANY_SITE.test(entry.vendor)) return 'medium';
  if (entry.match === 'prefix') {
    if (entry.name.length + (entry.suffix?.length ?? 0) < LONE_PREFIX_LENGTH_MIN) return null;
    return isOwn ? 'high' : 'low';
  }
  if (isOwn) return 'high';
  if (entry.name.length < LONE_NAME_LENGTH_MIN) return null;
  return isDistinctive(entry.name) ? 'medium' : null;
}

/** True for names that nobody chooses by chance: `_hjFirstSeen`, not `session` or `visitor`. */
function isDistinctive(name: string): boolean {
  return /[_\-.\d]/.test(name) || /[a-z][A-Z]/.test(name);
}

/** True when the nearest known setter is somebody else who sets cookies of his own. */
function isContradicted(entry: KnowledgeEntry, setters: readonly SetterHost[]): boolean {
  const nearest = setters.find(({ vendor }) => vendor !== null)?.vendor;
  if (!nearest || entry.company === 'first party') return false;
  return !NEUTRAL_KINDS.has(nearest.kind);
}

function isSameCompany(entry: KnowledgeEntry, vendor: KnownVendor): boolean {
  const theirs = [plain(vendor.name), plain(vendor.company)];
  return theirs.includes(plain(entry.vendor)) || theirs.includes(plain(entry.company));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function lower(confidence: Confidence): Confidence | null {
  return CONFIDENCES[CONFIDENCES.indexOf(confidence) - 1] ?? null;
}

function byStrength(a: Candidate, b: Candidate): number {
  return strength(b) - strength(a) || (a.entry.id < b.entry.id ? -1 : 1);
}

/** Who owns the domain decides first; then our own entries, which correct the others; then whoever set it. */
function strength({ entry, confidence, corroboratedBy }: Candidate): number {
  const evidence = { domain: 1_000, setter: 100, name: 0 }[corroboratedBy];
  const own = entry.id.startsWith('own:') ? 500 : 0;
  return evidence + own + CONFIDENCES.indexOf(confidence) * 10;
}

function withConflicts(best: Candidate, tier: readonly Candidate[]): KnowledgeMatch {
  const isOwn = best.entry.id.startsWith('own:');
  const conflicts = tier
    .filter(({ entry }) => entry !== best.entry && entry.category !== best.entry.category)
    .map(({ entry }) => entry.id)
    .toSorted();
  // Our own entries were written with those others at hand.
  const confidence = conflicts.length > 0 && !isOwn ? (lower(best.confidence) ?? 'low') : best.confidence;
  return { ...best, confidence, conflicts };
}
