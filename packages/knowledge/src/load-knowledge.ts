import {
  knowledgeEntrySchema,
  knownVendorSchema,
  type KnowledgeBase,
  type KnowledgeEntry,
  type KnownVendor,
} from '@cookie-scanner/contracts';
import { z } from 'zod';
import { cookieMatcher } from './cookie-matcher.ts';
import { readJson } from './read-json.ts';
import { vendorDirectory } from './vendor-directory.ts';

/** Raise it with every change of the data or of the way it is matched: stored verdicts name the version they rest on. */
export const KNOWLEDGE_VERSION = '2026.11.28';

/** An entry of somebody else's that is wrong, and why. */
const withdrawnSchema = z.strictObject({ id: z.string(), reason: z.string() });

let loaded: KnowledgeBase | null = null;

/** The knowledge that ships with the platform. It is read once and never changes while the process runs. */
export function loadKnowledge(): KnowledgeBase {
  return (loaded ??= knowledgeOf(knowledgeEntries()));
}

/** All entries in use, own ones included, withdrawn ones left out. */
export function knowledgeEntries(): KnowledgeEntry[] {
  const entries = ['open-cookie-database', 'own-entries'].flatMap((name) =>
    readData(name, knowledgeEntrySchema),
  );
  const withdrawn = new Set(readData('withdrawn-entries', withdrawnSchema).map(({ id }) => id));
  return entries.filter(({ id }) => !withdrawn.has(id));
}

/** All vendors; where two name the same domain, the later one counts. */
export function knownVendors(): KnownVendor[] {
  return ['third-party-web', 'own-vendors'].flatMap((name) => readData(name, knownVendorSchema));
}

function knowledgeOf(entries: readonly KnowledgeEntry[]): KnowledgeBase {
  const vendors = vendorDirectory(knownVendors());
  return {
    version: KNOWLEDGE_VERSION,
    findCookie: cookieMatcher(entries, vendors),
    vendorOf: (host) => vendors.vendorOf(host),
  };
}

function readData<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema>[] {
  return z.array(schema).parse(readJson(name));
}
