import type { CookieDeclaration } from '@cookie-scanner/contracts';
import type { ScanSession } from '../../scan-session.ts';
import { isSameSite } from '../../site.ts';
import { enterOwnWorlds, evaluateIn } from '../banner/consent-frames.ts';
import { declarationFiles } from './manager-declarations.ts';
import { FIND_POLICY_LINK, readTablesExpression } from './policy-table.source.ts';

/** Where a site speaks of its cookies, as far as its start page tells. */
export interface DeclarationLeads {
  readonly pageUrl: string;
  /** What a table on the start page itself says. */
  readonly ownTable: CookieDeclaration['cookies'];
  /** Page of the same site that the start page links to for cookies; null when there is none. */
  readonly policyUrl: string | null;
  /** Files that a consent manager loaded and that hold declarations. */
  readonly fileUrls: readonly string[];
}

/** Looks for them on the page that is shown and in what was requested. */
export async function declarationLeads(
  scan: ScanSession,
  { mainFrameId, url }: { readonly mainFrameId: string; readonly url: string },
): Promise<DeclarationLeads> {
  const requested = scan.requests.all().flatMap(({ hops }) => hops.map((hop) => hop.url));
  const world = (await enterOwnWorlds(scan, 'declarations')).find(({ frameId }) => frameId === mainFrameId);
  const own = world ? await evaluateIn(world, readTablesExpression(null)) : null;
  const link = world ? await evaluateIn(world, FIND_POLICY_LINK) : null;
  return {
    pageUrl: url,
    ownTable: (own ?? []) as CookieDeclaration['cookies'],
    policyUrl: typeof link === 'string' && isSameSite(link, url) ? link : null,
    fileUrls: declarationFiles(requested).map((file) => file.url),
  };
}
