import type { BannerObservation } from '@cookie-scanner/contracts';
import type { KnownBanner } from '../banner/autoconsent.ts';
import type { ConsentReading, SeenBanner } from '../banner/read-banner.ts';
import type { StatePage } from './state-page.ts';

/** What a visitor wants of a banner. */
export type Wish = 'accept' | 'reject';

/** What was found of a banner. */
export interface FoundBanner {
  readonly seen: SeenBanner | null;
  readonly rule: KnownBanner | null;
  readonly waysBack: ConsentReading['waysBack'];
  readonly observation: BannerObservation;
}

/** Page time until the first look, and between looks: banners come soon, and some take their time. */
const STEPS_MS = [500, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 7_000, 8_000];
/** Page time that the rules of autoconsent get to recognise a banner that is there. */
const RULES_MS = 1_500;
const RULES_STEP_MS = 500;

/**
 * Lets the page live until a banner shows, at most for `budgetMs` of its own time, and no longer than the scan has.
 *
 * @param wish - what will be asked for; autoconsent looks too unless that is nothing
 */
export async function lookForBanner(
  at: StatePage,
  budgetMs: number,
  wish: Wish | null,
): Promise<FoundBanner> {
  const withRules = wish !== null;
  const { page, rules } = at;
  let reading: ConsentReading = { banner: null, waysBack: [] };
  for (const stepMs of [...STEPS_MS, budgetMs]) {
    const restMs = Math.min(stepMs, budgetMs - at.livedMs());
    if (restMs <= 0 || at.deadline.passed || page.hasCrashed()) break;
    if (withRules) await rules.spread(page.mainFrameId);
    await at.live(restMs);
    reading = await at.readBanner(1);
    if (reading.banner) break;
  }
  if (reading.banner && withRules) reading = await untilRulesLooked(at, reading);
  const { banner: seen } = reading;
  // A rule alone does not prove a banner: some take one that is hidden for one that is shown.
  const needsGuess = wish === 'reject' && !seen?.pressables.some(({ choice }) => choice.purpose === 'reject');
  const rule = seen?.operable === true && withRules ? rules.known(needsGuess) : null;
  const jar = at.scan.snapshots.at(-1)?.jar ?? [];
  const observation: BannerObservation = {
    found: seen !== null,
    waitedMs: at.livedMs(),
    foundBy: seen === null ? null : rule ? 'autoconsent' : 'words',
    rule: rule?.rule ?? null,
    kind: seen === null ? null : kindOf(seen),
    place: seen?.place ?? null,
    operable: seen?.operable ?? false,
    atMs: seen === null ? null : at.scan.clock(),
    text: seen?.text ?? '',
    choices: seen?.pressables.map(({ choice }) => choice) ?? [],
    preTicked: [...(seen?.preTicked ?? [])],
    manager: await at.manager(jar),
  };
  return { seen, rule, waysBack: reading.waysBack, observation };
}

/** Waits for a rule that knows the banner, then reads it once more: it may have been half there. */
async function untilRulesLooked(at: StatePage, first: ConsentReading): Promise<ConsentReading> {
  for (
    let waited = 0;
    waited < RULES_MS && !at.rules.known(false) && !at.deadline.passed;
    waited += RULES_STEP_MS
  ) {
    await at.rules.spread(at.page.mainFrameId);
    await at.live(RULES_STEP_MS);
  }
  const again = await at.readBanner(1);
  return again.banner ? again : first;
}

/** What a banner offers, by the words on its buttons. */
function kindOf({ pressables, operable }: SeenBanner): BannerObservation['kind'] {
  if (!operable) return null;
  const purposes = new Set(pressables.map(({ choice }) => choice.purpose));
  if (purposes.has('pay') && !purposes.has('reject')) return 'pay_or_ok';
  const asks = ['accept', 'reject', 'save', 'settings', 'withdraw'] as const;
  return asks.some((purpose) => purposes.has(purpose)) ? 'choice' : 'notice';
}
