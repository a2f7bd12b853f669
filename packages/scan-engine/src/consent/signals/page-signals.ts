import type { GppSignal, TcfSignal } from '@cookie-scanner/contracts';
import type { CDPSession } from '../../browser/cdp.ts';
import type { JarCookie } from '../../collectors/cookie-jar.ts';
import { TIMED_OUT, within } from '../../deadline.ts';
import type { ScanSession } from '../../scan-session.ts';
import { consentModeOfRequest } from './consent-mode.ts';
import { decodeGpp } from './gpp-string.ts';
import { decodeTcf } from './tcf-string.ts';

/** Consent strings as they were met, one entry for each change. */
export interface ConsentStrings {
  readonly tcf: readonly TcfSignal[];
  readonly gpp: readonly GppSignal[];
}

/** Follows the consent strings of one session. */
export interface ConsentStringLog {
  /**
   * Asks the page and looks into the jar.
   *
   * @param live - lets the page live on for a moment, where it needs one to answer
   */
  read(page: CDPSession, jar: readonly JarCookie[], live: () => Promise<void>): Promise<void>;
  /** What was met so far. `current` tells two moments apart. */
  all(): ConsentStrings;
  current(): { readonly tcf: string | null; readonly gpp: string | null };
}

const TCF_COOKIE = /^(euconsent-v2|eupubconsent-v2|.*-euconsent-v2)$/;
const GPP_COOKIE = /^(OTGPPConsent|gpp-string|gppstring|__gpp|gpp)$/i;
const ANSWER_LIMIT_MS = 500;
const SIGNALS_MAX = 100;
const TEXT_MAX = 20_000;

/**
 * Asks the page's own consent interfaces; the object it makes is filled in by their answers. Version 1.0 of GPP answers
 * by return, 1.1 by callback.
 */
const ASK_PAGE = `(() => {
  const found = { tcf: null, gdprApplies: null, gpp: null, gppVersion: null, open: 0 };
  const text = (value) => (typeof value === 'string' ? value.slice(0, ${TEXT_MAX}) : null);
  const take = (data) => {
    found.gpp ??= text(data?.gppString);
    found.gppVersion ??= text(data?.gppVersion) ?? (data?.gppString ? '1.0' : null);
  };
  try {
    if (typeof __tcfapi === 'function') {
      found.open += 1;
      __tcfapi('getTCData', 2, (data) => {
        found.open -= 1;
        found.tcf = text(data?.tcString);
        found.gdprApplies = typeof data?.gdprApplies === 'boolean' ? data.gdprApplies : null;
      });
    }
  } catch {}
  try {
    if (typeof __gpp === 'function') {
      take(__gpp('getGPPData', () => undefined));
      take(__gpp('ping', take));
    }
  } catch {}
  return found;
})()`;

interface PageAnswer {
  readonly tcf: string | null;
  readonly gdprApplies: boolean | null;
  readonly gpp: string | null;
  readonly gppVersion: string | null;
  /** Questions without an answer so far. */
  readonly open: number;
}

/** Opens the log of one session. */
export function openConsentStringLog({ clock }: Pick<ScanSession, 'clock'>): ConsentStringLog {
  const tcf: TcfSignal[] = [];
  const gpp: GppSignal[] = [];
  const last = new Map<string, string>();
  const isNew = (key: string, value: string): boolean => {
    if (last.get(key) === value) return false;
    last.set(key, value);
    return true;
  };
  const noteTcf = (source: TcfSignal['source'], value: string, gdprApplies: boolean | null): void => {
    if (value === '' || !isNew(`tcf ${source}`, value) || tcf.length >= SIGNALS_MAX) return;
    tcf.push({ atMs: clock(), source, gdprApplies, ...decodeTcf(value) });
  };
  const noteGpp = (source: GppSignal['source'], value: string, apiVersion: string | null): void => {
    if (value === '' || !isNew(`gpp ${source}`, value) || gpp.length >= SIGNALS_MAX) return;
    gpp.push({ atMs: clock(), source, apiVersion, ...decodeGpp(value) });
  };
  return {
    async read(page, jar, live) {
      const answer = await askPage(page, live);
      if (answer?.tcf != null) noteTcf('api', answer.tcf, answer.gdprApplies);
      if (answer?.gpp != null) noteGpp('api', answer.gpp, answer.gppVersion);
      for (const { name, value } of jar) {
        if (TCF_COOKIE.test(name)) noteTcf('cookie', value, null);
        if (GPP_COOKIE.test(name)) noteGpp('cookie', decoded(value), null);
      }
    },
    all: () => ({ tcf, gpp }),
    current: () => ({
      tcf: last.get('tcf api') ?? last.get('tcf cookie') ?? null,
      gpp: last.get('gpp api') ?? last.get('gpp cookie') ?? null,
    }),
  };
}

async function askPage(page: CDPSession, live: () => Promise<void>): Promise<PageAnswer | null> {
  const { objectId } =
    (await answered(page.send('Runtime.evaluate', { expression: ASK_PAGE })))?.result ?? {};
  if (objectId === undefined) return null;
  const look = async (): Promise<PageAnswer | null> => {
    const functionDeclaration = 'function () { return { ...this }; }';
    const reading = page.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration,
      returnByValue: true,
    });
    return ((await answered(reading))?.result.value ?? null) as PageAnswer | null;
  };
  const first = await look();
  if (first === null || first.open <= 0) return first;
  // Some answer only once they have had a moment.
  await live();
  return await look();
}

async function answered<T>(question: Promise<T>): Promise<T | null> {
  const answer = await within(question, ANSWER_LIMIT_MS).catch(() => null); // The page is gone.
  return answer === TIMED_OUT ? null : answer;
}

/** Consent strings and consent mode that requests carried to others, each change once. */
export function signalsOfRequests({ requests }: Pick<ScanSession, 'requests'>): ConsentStrings & {
  readonly consentMode: readonly ReturnType<typeof sentSignal>[];
} {
  const tcf = new Map<string, TcfSignal>();
  const gpp = new Map<string, GppSignal>();
  const sent: ReturnType<typeof sentSignal>[] = [];
  const lastSaid = new Map<string, string>();
  for (const { hops } of requests.all()) {
    for (const { url, atMs } of hops) {
      const tcString = /[?&;]gdpr_consent=([\w.-]+)/.exec(url)?.[1];
      if (tcString !== undefined && !tcf.has(tcString) && tcf.size < SIGNALS_MAX)
        tcf.set(tcString, { atMs, source: 'request', gdprApplies: null, ...decodeTcf(tcString) });
      const gppString = /[?&;]gpp=([\w.~%-]+)/.exec(url)?.[1];
      if (gppString !== undefined && !gpp.has(gppString) && gpp.size < SIGNALS_MAX)
        gpp.set(gppString, { atMs, source: 'request', apiVersion: null, ...decodeGpp(decoded(gppString)) });
      const values = consentModeOfRequest(url);
      if (values === null) continue;
      const signal = sentSignal(atMs, values, url);
      const said = JSON.stringify(values);
      if (lastSaid.get(signal.url) === said || sent.length >= SIGNALS_MAX) continue;
      lastSaid.set(signal.url, said);
      sent.push(signal);
    }
  }
  return { tcf: [...tcf.values()], gpp: [...gpp.values()], consentMode: sent };
}

function sentSignal(
  atMs: number,
  values: NonNullable<ReturnType<typeof consentModeOfRequest>>,
  url: string,
): { atMs: number; command: 'sent'; values: typeof values; url: string } {
  return { atMs, command: 'sent', values, url: url.split(/[?;#]/)[0] ?? url };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // Not encoded after all.
  }
}
