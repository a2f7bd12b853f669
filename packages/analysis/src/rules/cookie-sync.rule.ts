import type { IdentifierTransfer } from '@cookie-scanner/contracts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule, RuleFinding } from '../verdicts/rule.ts';
import { shortUrl, siteOf } from '../web-address.ts';

/** One company hands its name for the visitor to another one. */
export const cookieSyncRule: Rule = {
  id: 'cookie-sync',
  name: 'Companies that match their identifiers',
  inOrder: 'No company was seen handing its identifier of the visitor to another one.',
  severity: 'high',
  pointsMax: 15,
  why: 'Two companies tell each other under which number each of them knows this visitor. From then on they can put together what either of them knows.',
  legalSources: [LEGAL.ePrivacy, LEGAL.gdprLawfulness, LEGAL.gdprTransparency],
  judge: (site) => {
    const crossing = site.observation.identifierTransfers.filter(
      ({ fromHost, toHost, fromCookie }) => fromCookie !== null && siteOf(fromHost) !== siteOf(toHost),
    );
    const pairs = Map.groupBy(crossing, ({ fromHost, toHost }) => `${siteOf(fromHost)} → ${siteOf(toHost)}`);
    return [...pairs].map(([pair, transfers]) => found(pair, transfers, site.site));
  },
};

function found(pair: string, transfers: readonly IdentifierTransfer[], site: string | null): RuleFinding {
  // The one that the other side keeps in a cookie says most.
  const telling = transfers.find(({ toCookie }) => toCookie !== null) ?? transfers[0];
  if (!telling) throw new Error('a pair of hosts has at least one transfer');
  const { fromHost, toHost, fromCookie, toCookie, carriedBy, parameter, initiators, atMs, url } = telling;
  const isMatched = toCookie !== null || carriedBy === 'redirect';
  const isOwn = siteOf(fromHost) === site;
  return {
    subject: pair,
    title: `${siteOf(fromHost)} hands the identifier in its cookie ${fromCookie ?? ''} to ${siteOf(toHost)}`,
    // The site's own cookie may go to a service that works for the site alone.
    severity: isMatched && !isOwn ? 'high' : 'medium',
    confidence: isMatched ? 'high' : 'medium',
    advice: `Do not load what calls ${toHost} before the visitor has agreed, and name both companies in the privacy policy.`,
    evidence: {
      cookieName: fromCookie,
      cookieDomain: fromHost,
      url,
      setterChain: [...initiators.toReversed().map(shortUrl), shortUrl(url)],
      atMs,
      facts: [
        `Carried by ${CARRIERS[carriedBy]}${parameter === null ? '' : `, as “${parameter}”`}`,
        ...(toCookie === null ? [] : [`${siteOf(toHost)} keeps it in its cookie ${toCookie}`]),
      ],
    },
  };
}

const CARRIERS: Readonly<Record<IdentifierTransfer['carriedBy'], string>> = {
  redirect: 'a redirect from one to the other',
  query: 'the query of an address',
  path: 'the path of an address',
  body: 'the body of a request',
  referer: 'the referring address',
  websocket: 'a WebSocket',
};
