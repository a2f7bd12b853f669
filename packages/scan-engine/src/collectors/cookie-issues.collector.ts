import { sendAndForget } from '../browser/target-attacher.ts';
import type { Collector } from './collector.ts';

/** The browser said that it did not accept or send a cookie. */
interface CookieIssue {
  readonly operation: 'SetCookie' | 'ReadCookie';
  readonly name: string;
  readonly domain: string;
  readonly url: string;
  readonly reasons: readonly string[];
}

/** What the browser's own audit reports about cookies it refused. */
export interface CookieIssuesCollector extends Collector {
  all(): readonly CookieIssue[];
}

/** Collects the browser's cookie issues, which also cover writes by script. */
export function cookieIssuesCollector(): CookieIssuesCollector {
  const issues: CookieIssue[] = [];
  return {
    attach({ session, type }) {
      if (type !== 'page' && type !== 'iframe') return;
      session.on('Audits.issueAdded', ({ issue }) => {
        const details = issue.details.cookieIssueDetails;
        if (!details || details.cookieExclusionReasons.length === 0) return;
        issues.push({
          operation: details.operation,
          name: details.cookie?.name ?? details.rawCookieLine?.split('=')[0]?.trim() ?? '',
          domain: details.cookie?.domain ?? '',
          url: details.cookieUrl ?? details.request?.url ?? '',
          reasons: details.cookieExclusionReasons.map((reason) => reason.replace(/^Exclude/, '')),
        });
      });
      sendAndForget(session, 'Audits.enable');
    },
    all: () => issues,
  };
}
