import { sendAndForget } from '../browser/target-attacher.ts';
import type { Collector } from './collector.ts';

/** Which pages with encryption asked for something without. */
export interface MixedContentCollector extends Collector {
  /** Addresses that were asked for on behalf of a page, whether the browser let them through or not, each once. */
  ofPage(pageUrl: string): string[];
}

/** A page can ask for as many as it likes. */
const ADDRESSES_MAX = 200;

/** Collects the browser's own complaints about mixed content. */
export function mixedContentCollector(): MixedContentCollector {
  const byPage = new Map<string, Set<string>>();
  return {
    attach({ session, type }) {
      if (type !== 'page' && type !== 'iframe') return;
      session.on('Audits.issueAdded', ({ issue }) => {
        const details = issue.details.mixedContentIssueDetails;
        if (!details) return;
        const pageUrl = withoutFragment(details.mainResourceURL);
        const addresses = byPage.get(pageUrl) ?? new Set();
        byPage.set(pageUrl, addresses);
        if (addresses.size < ADDRESSES_MAX) addresses.add(details.insecureURL);
      });
      sendAndForget(session, 'Audits.enable');
    },
    ofPage: (pageUrl) => [...(byPage.get(withoutFragment(pageUrl)) ?? [])].sort(),
  };
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
