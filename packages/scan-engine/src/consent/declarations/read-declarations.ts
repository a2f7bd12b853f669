import type { CookieDeclaration } from '@cookie-scanner/contracts';
import { evaluateIn, type OwnWorld } from '../banner/consent-frames.ts';
import { loadFile } from '../network-file.ts';
import type { DeclarationLeads } from './declaration-leads.ts';
import { declarationFiles } from './manager-declarations.ts';
import { readTablesExpression } from './policy-table.source.ts';

const FILE_LIMIT_MS = 5_000;
const FILES_MAX = 3;
const COOKIES_MAX = 1_000;

/**
 * Reads what the site declares about its cookies: files of its consent manager, and the tables on the start page and on
 * the page that it links to for cookies. They are read as text: nothing in them runs.
 *
 * @param world - of an empty page in a profile that is used for nothing else, so that no answer sets a cookie that counts
 */
export async function readDeclarations(
  world: OwnWorld,
  { pageUrl, ownTable, policyUrl, fileUrls }: DeclarationLeads,
): Promise<CookieDeclaration[]> {
  const declarations: CookieDeclaration[] = [];
  const add = (source: string, url: string, cookies: CookieDeclaration['cookies']): void => {
    const named = cookies.filter(({ name }) => name !== '').slice(0, COOKIES_MAX);
    if (named.length > 0) declarations.push({ source, url, cookies: named });
  };
  for (const { url, source, read } of declarationFiles(fileUrls).slice(0, FILES_MAX)) {
    const { text } = await loadFile(world.session, world.frameId, url, FILE_LIMIT_MS);
    add(source, url, text === null ? [] : readOrNothing(read, text));
  }
  add('policy_table', pageUrl, ownTable);
  if (policyUrl === null) return declarations;
  const { text } = await loadFile(world.session, world.frameId, policyUrl, FILE_LIMIT_MS);
  if (text === null) return declarations;
  const linked = await evaluateIn(world, readTablesExpression(text));
  add('policy_table', policyUrl, (linked ?? []) as CookieDeclaration['cookies']);
  return declarations;
}

function readOrNothing(
  read: (text: string) => CookieDeclaration['cookies'],
  text: string,
): CookieDeclaration['cookies'] {
  try {
    return read(text);
  } catch {
    return []; // Its maker has changed its form; then there is nothing that we can read.
  }
}
