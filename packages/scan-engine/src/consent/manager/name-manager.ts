import type { ConsentManager } from '@cookie-scanner/contracts';
import type { CDPSession } from '../../browser/cdp.ts';
import type { JarCookie } from '../../collectors/cookie-jar.ts';
import type { ScanSession } from '../../scan-session.ts';
import { evaluateInPage } from '../banner/consent-frames.ts';
import { CONSENT_MANAGERS } from './consent-managers.ts';

/** What a page and its traffic show of consent managers. */
export interface ManagerEvidence {
  readonly globals: readonly string[];
  readonly elements: readonly string[];
  readonly cookieNames: readonly string[];
  readonly requestUrls: readonly string[];
  /** Number that a consent string names its maker by; null where none does. */
  readonly cmpId: number | null;
}

/** Asks for own properties only, so that nothing of the page runs. */
const LOOK = `(() => {
  const has = (name) => name.split('.').reduce((object, part) => {
    const found = object ? Object.getOwnPropertyDescriptor(object, part) : undefined;
    return found && 'value' in found ? found.value : undefined;
  }, globalThis) != null;
  const globals = ${JSON.stringify(CONSENT_MANAGERS.flatMap(({ globals }) => globals))}.filter(has);
  const elements = ${JSON.stringify(CONSENT_MANAGERS.flatMap(({ elements }) => elements ?? []))}.filter((each) => document.querySelector(each) !== null);
  return { globals, elements };
})()`;

/** Gathers what there is to name the manager by. */
export async function managerEvidence(
  page: CDPSession,
  { requests }: Pick<ScanSession, 'requests'>,
  jar: readonly JarCookie[],
  cmpId: number | null,
): Promise<ManagerEvidence> {
  const seen = (await evaluateInPage(page, LOOK)) as Pick<ManagerEvidence, 'globals' | 'elements'> | null;
  return {
    globals: seen?.globals ?? [],
    elements: seen?.elements ?? [],
    cookieNames: jar.map(({ name }) => name),
    requestUrls: requests.all().flatMap(({ hops }) => hops.map(({ url }) => url)),
    cmpId,
  };
}

/**
 * The manager that most of the evidence speaks for; null when there is none. A host weighs most: names of globals and
 * cookies are borrowed by others.
 */
export function nameManager(evidence: ManagerEvidence): ConsentManager | null {
  const candidates = CONSENT_MANAGERS.map((manager) => {
    const byHost = evidence.requestUrls.find((url) => manager.hosts?.test(hostOf(url)) === true);
    const globals = manager.globals.filter((name) => evidence.globals.includes(name));
    const cookies = evidence.cookieNames.filter((name) => manager.cookies?.test(name) === true);
    const hasElement = manager.elements !== null && evidence.elements.includes(manager.elements);
    return {
      name: manager.name,
      weight:
        (byHost ? 4 : 0) + (hasElement ? 3 : 0) + (globals.length > 0 ? 2 : 0) + (cookies.length > 0 ? 2 : 0),
      evidence: [
        ...(byHost ? [`request ${byHost.replace(/[?#].*$/s, '')}`] : []),
        ...globals.map((name) => `window.${name}`),
        ...cookies.map((name) => `cookie ${name}`),
        ...(manager.elements !== null && hasElement ? [`element ${manager.elements}`] : []),
      ],
    };
  });
  const [best] = candidates.toSorted((one, other) => other.weight - one.weight);
  if (!best || best.weight < 2) return unnamed(evidence);
  const all = evidence.cmpId === null ? best.evidence : [...best.evidence, `TCF cmpId ${evidence.cmpId}`];
  return { name: best.name, evidence: all.map((sign) => sign.slice(0, 500)).slice(0, 20) };
}

/** A consent string names its maker by a number of the IAB's list, whoever that is. */
function unnamed({ cmpId }: ManagerEvidence): ConsentManager | null {
  return cmpId === null || cmpId <= 1 ? null : { name: `TCF CMP ${cmpId}`, evidence: [`TCF cmpId ${cmpId}`] };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
