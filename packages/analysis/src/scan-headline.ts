import type { ScanStatus } from '@cookie-scanner/contracts';
import { counted } from './duration-text.ts';
import { blockedText, reasonText } from './outcome-text.ts';
import { shownHost } from './shown-host.ts';

/** The few facts a headline needs; both an observation and a scan's row in the database have them. */
export interface HeadlineFacts {
  readonly requestedUrl: string;
  readonly finalUrl: string | null;
  readonly status: ScanStatus;
  readonly statusReason: string | null;
  /** Null when no observation exists. */
  readonly cookies: { readonly firstParty: number; readonly thirdParty: number } | null;
  /** Whether cookies may have escaped the scan; null where that is not known. */
  readonly hasGaps: boolean | null;
}

/**
 * One honest sentence about a scan. "No cookies were found" is said only of a site that was really looked at, and
 * never without adding what stood in the way.
 */
export function scanHeadline(facts: HeadlineFacts): string {
  const site = siteName(facts);
  const because = reasonText(facts.statusReason);
  const reason = because === null ? '' : ` because ${because}`;

  switch (facts.status) {
    case 'queued':
    case 'running':
      return `The scan of ${site} has not finished yet.`;
    case 'cancelled':
      return `The scan of ${site} was cancelled, so its cookies are not known.`;
    case 'failed':
      return `${site} could not be scanned${reason}, so its cookies are not known${seenAnyway(facts)}.`;
    case 'blocked':
      return `${site} ${blockedText(facts.statusReason)}${reason}, so what its visitors get is not known${seenAnyway(facts)}.`;
    case 'partial':
      return partialHeadline(site, reason, facts);
    case 'success':
      return successHeadline(site, facts);
  }
}

function successHeadline(site: string, { cookies, hasGaps }: HeadlineFacts): string {
  const total = cookies === null ? 0 : cookies.firstParty + cookies.thirdParty;
  if (cookies === null) return `${site} was scanned, but what was found is not available.`;
  if (total === 0) {
    if (hasGaps === null)
      return `No cookies were found on ${site}; the report says what the scan could not see.`;
    const butGaps = ', but the scan could not see everything';
    return `No cookies were found on ${site}${hasGaps ? butGaps : ''}.`;
  }
  const found = `${counted(total, 'cookie')} ${total === 1 ? 'was' : 'were'} found on ${site}: ${parties(cookies)}`;
  return hasGaps === true ? `At least ${found}; the scan could not see everything.` : `${found}.`;
}

function partialHeadline(site: string, reason: string, { cookies }: HeadlineFacts): string {
  const incomplete = `${site} could be scanned only in part${reason}`;
  if (cookies === null) return `${incomplete}, so its cookies are not known.`;
  const total = cookies.firstParty + cookies.thirdParty;
  if (total === 0)
    return `${incomplete}; no cookies were seen until then, which does not mean that there are none.`;
  return `${incomplete}; at least ${counted(total, 'cookie')} ${total === 1 ? 'was' : 'were'} found: ${parties(cookies)}.`;
}

function seenAnyway({ cookies }: HeadlineFacts): string {
  const total = cookies === null ? 0 : cookies.firstParty + cookies.thirdParty;
  if (total === 0) return '';
  return `; on the way ${counted(total, 'cookie')} ${total === 1 ? 'was' : 'were'} set`;
}

function parties({ firstParty, thirdParty }: { firstParty: number; thirdParty: number }): string {
  const all = firstParty + thirdParty === 1 ? '' : 'all ';
  if (thirdParty === 0) return `${all}first-party`;
  if (firstParty === 0) return `${all}third-party`;
  return `${firstParty.toLocaleString('en-GB')} first-party and ${thirdParty.toLocaleString('en-GB')} third-party`;
}

function siteName({ requestedUrl, finalUrl, status }: HeadlineFacts): string {
  return shownHost(requestedUrl, finalUrl, status) ?? requestedUrl;
}
