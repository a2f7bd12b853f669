import { clipText, counted, scanHeadline, visibleText } from '@cookie-scanner/analysis';
import type { ScanResult, ScanTotals } from '@cookie-scanner/contracts';
import { htmlMail } from './html-mail.ts';
import type { MailFact, Message } from './message.ts';

/** Subjects are cut by mail programs anyway; the body has the whole sentence. */
const SUBJECT_LENGTH_MAX = 150;
const LINE_LENGTH_MAX = 500;

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/**
 * Tells that a scan is over. Same scan, same message, so that a second attempt says what the first one said.
 *
 * @param publicUrl - where people reach this installation; null leaves the links out
 */
export function scanFinishedMessage(scan: ScanResult, publicUrl: string | null): Message {
  const { totals } = scan;
  const headline = scanHeadline({
    ...scan,
    cookies: totals && { firstParty: totals.firstPartyCookies, thirdParty: totals.thirdPartyCookies },
    // The row does not say; the report does.
    hasGaps: null,
  });
  const facts = [
    fact('Asked for', shown(scan.requestedUrl)),
    fact(
      'Finished',
      scan.finishedAt === null ? 'not known' : `${TIME.format(new Date(scan.finishedAt))} UTC`,
    ),
    ...(totals ? countFacts(totals) : []),
    ...reportFacts(scan, publicUrl),
    fact('Scan', scan.id),
  ];
  return {
    subject: shown(headline, SUBJECT_LENGTH_MAX),
    text: [shown(headline), '', ...facts.map(lineOf), ''].join('\n'),
    html: htmlMail(shown(headline), facts),
  };
}

function countFacts(totals: ScanTotals): MailFact[] {
  const { firstPartyCookies: first, thirdPartyCookies: third, transientCookies, blockedCookies } = totals;
  return [
    fact('Cookies', `${totals.cookies}: ${first} first-party, ${third} third-party`),
    fact('Not kept', `${transientCookies} set and gone again, ${blockedCookies} refused by the browser`),
    fact('Other storage', counted(totals.storageItems, 'item')),
    fact('Requests', `${totals.requests}, ${totals.thirdPartyRequests} of them to other sites`),
  ];
}

function reportFacts({ reports }: ScanResult, publicUrl: string | null): MailFact[] {
  return reports.map(({ format, state, url }) => {
    const label = `Report (${format.toUpperCase()})`;
    if (state === 'failed') return fact(label, 'could not be built');
    const href = publicUrl === null ? null : publicUrl.replace(/\/+$/, '') + url;
    return { label, text: href ?? url, href };
  });
}

function fact(label: string, text: string): MailFact {
  return { label, text, href: null };
}

function lineOf({ label, text }: MailFact): string {
  return `${`${label}:`.padEnd(16)}${text}`;
}

function shown(text: string, lengthMax = LINE_LENGTH_MAX): string {
  const { shown: start, cutFrom } = clipText(text, lengthMax);
  return visibleText(start) + (cutFrom === null ? '' : '…');
}
