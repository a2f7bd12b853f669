import type { KnowledgeEntry } from '@cookie-scanner/contracts';

/**
 * Finds who belongs together: entries that share the product or the company, also by way of others. What sites run
 * themselves has no company in common and is grouped by its product.
 *
 * @returns the name of an entry's group
 */
export function vendorGroups(entries: readonly KnowledgeEntry[]): (entry: KnowledgeEntry) => string {
  const parents = new Map<string, string>();
  function rootOf(name: string): string {
    let root = name;
    for (let above = parents.get(root); above !== undefined; above = parents.get(root)) root = above;
    return root;
  }
  for (const entry of entries) {
    const [first, ...others] = namesOf(entry).map(rootOf);
    for (const other of others) if (first !== undefined && other !== first) parents.set(other, first);
  }
  return (entry) => rootOf(namesOf(entry)[0] ?? '');
}

function namesOf({ vendor, company }: KnowledgeEntry): string[] {
  return company === 'first party' ? [plain(vendor)] : [plain(company), plain(vendor)];
}

/** A name without what people write differently. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
