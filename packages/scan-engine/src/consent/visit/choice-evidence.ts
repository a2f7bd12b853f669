import { jarKey, type JarCookie } from '../../collectors/cookie-jar.ts';
import type { ConsentModeCollector } from '../signals/consent-mode.collector.ts';
import type { StatePage } from './state-page.ts';

/** How everything that tells a choice stood at one moment. */
export interface ChoiceState {
  readonly jar: readonly JarCookie[];
  readonly tcf: string | null;
  readonly gpp: string | null;
  readonly declaredCount: number;
  readonly storageWriteCount: number;
  readonly bannerText: string | null;
}

/** Names in which sites and consent managers keep what was chosen. */
const CHOICE_NAME =
  /consent|cookie|gdpr|ccpa|privacy|choice|choose|opt.?(in|out)|accept|reject|declin|cmp|tcf|iab|banner|notice|klaro|didomi|usercentrics|uc_|optanon|onetrust|cky|cmplz|borlabs|axeptio|tarteaucitron|agree|ausgeblendet|prefs|preferences/i;
const EVIDENCE_MAX = 30;

/** Takes note of how things stand now. */
export async function choiceState(
  at: StatePage,
  consentMode: ConsentModeCollector,
  bannerText: string | null,
): Promise<ChoiceState> {
  const jar = await at.takeStock();
  return {
    jar,
    ...at.strings.current(),
    declaredCount: consentMode.declared().length,
    storageWriteCount: at.scan.scripts.storageWrites().length,
    bannerText,
  };
}

/** What changed between two moments, and whether that shows that a choice was taken. */
export function choiceEvidence(
  at: StatePage,
  before: ChoiceState,
  after: ChoiceState,
): { readonly evidence: string[]; readonly isTaken: boolean } {
  const old = new Map(before.jar.map((cookie) => [jarKey(cookie), cookie.value]));
  const cookies = after.jar
    .filter((cookie) => old.get(jarKey(cookie)) !== cookie.value)
    .map(({ name }) => name);
  const stored = at.scan.scripts
    .storageWrites()
    .slice(before.storageWriteCount)
    .map(({ key }) => key);
  const isGone = before.bannerText !== null && after.bannerText === null;
  const signals = [
    ...(isGone ? ['banner_gone'] : []),
    ...(after.tcf !== before.tcf ? ['tcf'] : []),
    ...(after.gpp !== before.gpp ? ['gpp'] : []),
    ...(after.declaredCount > before.declaredCount ? ['consent_mode'] : []),
  ];
  const names = [
    ...new Set([...cookies.map((name) => `cookie ${name}`), ...stored.map((key) => `storage ${key}`)]),
  ];
  const telling = names.filter((name) => CHOICE_NAME.test(name.replace(/^cookie /, '')));
  return {
    // What tells of a choice comes first: a page may write more than anybody wants to read.
    evidence: [...new Set([...signals, ...telling, ...names])]
      .slice(0, EVIDENCE_MAX)
      .map((each) => each.slice(0, 500)),
    isTaken: signals.length > 0 || telling.length > 0,
  };
}
