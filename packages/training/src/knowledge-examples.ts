import type { KnowledgeEntry, KnownVendor } from '@cookie-scanner/contracts';
import type { PurposeExample } from './purpose-example.ts';
import { plain, vendorGroups } from './vendor-groups.ts';

/**
 * The entries of the knowledge base as examples, sorted. Where our own entries name a cookie, those of others about the
 * same name are left out: ours correct them.
 *
 * @param vendors - what kind of service a vendor is, later ones win
 */
export function knowledgeExamples(
  entries: readonly KnowledgeEntry[],
  vendors: readonly KnownVendor[],
): PurposeExample[] {
  const groupOf = vendorGroups(entries);
  const kindOf = vendorKinds(vendors);
  const ours = new Set(entries.filter(isOurs).map(nameOf));
  const examples = entries
    .filter((entry) => isOurs(entry) || !ours.has(nameOf(entry)))
    .map((entry) => ({
      facts: {
        name: nameOf(entry),
        party: entry.domains.length > 0 ? ('third' as const) : ('first' as const),
        lifetimeDays: entry.lifetimeDays,
        vendorKind: kindOf(entry),
      },
      category: entry.category,
      group: groupOf(entry),
    }));
  const unique = new Map(examples.map((example) => [JSON.stringify(example), example]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, example]) => example);
}

function isOurs({ id }: KnowledgeEntry): boolean {
  return id.startsWith('own:');
}

/** As `stableName` would write it. */
function nameOf({ name, match, suffix = '' }: KnowledgeEntry): string {
  return match === 'prefix' ? `${name}*${suffix}` : name;
}

function vendorKinds(vendors: readonly KnownVendor[]): (entry: KnowledgeEntry) => string | null {
  const byDomain = new Map(vendors.flatMap(({ domains, kind }) => domains.map((domain) => [domain, kind])));
  const byName = new Map(
    vendors.flatMap(({ name, company, kind }) => [
      [plain(company), kind],
      [plain(name), kind],
    ]),
  );
  return ({ domains, vendor, company }) =>
    domains.map((domain) => byDomain.get(domain)).find((kind) => kind !== undefined) ??
    byName.get(plain(vendor)) ??
    byName.get(plain(company)) ??
    null;
}
