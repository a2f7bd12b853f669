import type { ConsentAction, ConsentChoice, ConsentOutcome, ConsentPurpose } from '@cookie-scanner/contracts';
import { press, untick, type Pressable, type SeenBanner } from '../banner/read-banner.ts';
import type { ConsentModeCollector } from '../signals/consent-mode.collector.ts';
import { choiceEvidence, choiceState } from './choice-evidence.ts';
import type { FoundBanner, Wish } from './look-for-banner.ts';
import type { StatePage } from './state-page.ts';

/** How asking for a choice went. */
export interface ChoiceResult {
  readonly actions: ConsentAction[];
  readonly outcome: ConsentOutcome;
  readonly evidence: readonly string[];
  /** When the last thing was pressed that made the choice. */
  readonly choiceAtMs: number | null;
  /** What could be pressed in further layers. */
  readonly furtherChoices: readonly ConsentChoice[];
  readonly preTicked: readonly string[];
}

/** What a choice needs to know beside the page. */
export interface ChoiceContext {
  readonly consentMode: ConsentModeCollector;
  /** Beginning of the names of pictures. */
  readonly label: string;
}

/** Page time after each press: layers slide in, choices are written, tags start. */
const AFTER_PRESS_MS = 2_000;
const RULE_STEP_MS = 500;
/** Page time after which a rule that is not done has failed. */
const RULE_LIMIT_MS = 15_000;
const LAYERS_MAX = 3;

/**
 * Makes the choice in the banner that was found: by autoconsent's rule where one knows it, else by the words on its
 * buttons. A wish to refuse never presses anything that agrees.
 */
export async function makeChoice(
  at: StatePage,
  banner: FoundBanner,
  wish: Wish,
  context: ChoiceContext,
): Promise<ChoiceResult> {
  if (!banner.seen) return nothingDone('no_banner');
  if (!banner.seen.operable) return nothingDone('not_operable');
  if (banner.rule) {
    const result = await byRule(at, banner, wish, context);
    if (result.outcome === 'taken' || at.deadline.passed) return result;
    const { banner: again } = await at.readBanner(1);
    if (!again?.operable) return result;
    const second = await byWords(at, again, wish, 1, context);
    return { ...second, actions: [...result.actions, ...second.actions] };
  }
  return await byWords(at, banner.seen, wish, 1, context);
}

function nothingDone(outcome: ConsentOutcome): ChoiceResult {
  return { actions: [], outcome, evidence: [], choiceAtMs: null, furtherChoices: [], preTicked: [] };
}

async function byRule(
  at: StatePage,
  { rule, seen }: FoundBanner,
  wish: Wish,
  { consentMode, label }: ChoiceContext,
): Promise<ChoiceResult> {
  if (!rule || !seen) return nothingDone('no_banner');
  const before = await choiceState(at, consentMode, seen.text);
  const screenshotBefore = await at.picture(`${label}-before`);
  const startedAtMs = Math.floor(at.scan.clock());
  let waited = 0;
  const presses = await at.rules.act(rule, wish, async () => {
    await at.live(RULE_STEP_MS);
    waited += RULE_STEP_MS;
    return waited < RULE_LIMIT_MS && !at.deadline.passed;
  });
  await at.live(AFTER_PRESS_MS);
  const screenshotAfter = await at.picture(`${label}-after`);
  const reading = await at.readBanner(1);
  const after = await choiceState(at, consentMode, reading.banner?.text ?? null);
  const { evidence, isTaken } = choiceEvidence(at, before, after);
  const frameUrl = at.scan.frames.urlOf(rule.world.frameId) ?? 'about:blank';
  const pressed =
    presses.length > 0 ? presses : [{ text: null, selector: null, frameUrl, atMs: startedAtMs }];
  return {
    actions: pressed.map((each) => ({
      ...each,
      purpose: wish,
      by: 'autoconsent',
      layer: 1,
      screenshotBefore,
      screenshotAfter,
    })),
    outcome: isTaken ? 'taken' : 'untaken',
    evidence,
    choiceAtMs: pressed.at(-1)?.atMs ?? startedAtMs,
    furtherChoices: [],
    preTicked: [],
  };
}

/** Presses its way through the layers of a banner by the words on its buttons. */
export async function byWords(
  at: StatePage,
  first: SeenBanner,
  wish: Wish,
  firstLayer: number,
  { consentMode, label }: ChoiceContext,
): Promise<ChoiceResult> {
  const before = await choiceState(at, consentMode, first.text);
  const actions: ConsentAction[] = [];
  const furtherChoices: ConsentChoice[] = [];
  const preTicked: string[] = [];
  let seen: SeenBanner | null = first;
  let picture = await at.picture(`${label}-before`);
  for (let layer = firstLayer; seen && layer < firstLayer + LAYERS_MAX && !at.deadline.passed; layer += 1) {
    const target = targetFor(seen, wish, layer, actions);
    if (!target) break;
    if (wish === 'reject' && target.choice.purpose === 'save') await untick(seen);
    const atMs = Math.floor(at.scan.clock());
    if (!(await press(target))) break;
    await at.live(AFTER_PRESS_MS);
    const screenshotAfter = await at.picture(
      `${label}-after${actions.length === 0 ? '' : `-${actions.length + 1}`}`,
    );
    const { purpose, text, selector, frameUrl } = target.choice;
    actions.push({
      ...{ purpose, by: 'words', text, selector, frameUrl, layer, atMs },
      ...{ screenshotBefore: picture, screenshotAfter },
    });
    picture = screenshotAfter;
    ({ banner: seen } = await at.readBanner(layer + 1));
    if (isFinal(purpose)) {
      const after = await choiceState(at, consentMode, seen?.text ?? null);
      const { evidence, isTaken } = choiceEvidence(at, before, after);
      const outcome = isTaken ? 'taken' : 'untaken';
      return { actions, outcome, evidence, choiceAtMs: atMs, furtherChoices, preTicked };
    }
    furtherChoices.push(...(seen?.pressables.map(({ choice }) => choice) ?? []));
    preTicked.push(...(seen?.preTicked ?? []));
  }
  return { ...nothingDone('not_offered'), actions, furtherChoices, preTicked };
}

function isFinal(purpose: ConsentPurpose): boolean {
  return purpose !== 'settings';
}

/** What to press for a wish, best first. Agreeing may be done by what merely takes note; refusing may not. */
const ORDER: Record<
  Wish,
  { readonly first: readonly ConsentPurpose[]; readonly later: readonly ConsentPurpose[] }
> = {
  accept: { first: ['accept', 'acknowledge', 'settings', 'save'], later: ['accept', 'save', 'settings'] },
  reject: { first: ['reject', 'save', 'settings'], later: ['reject', 'withdraw', 'save', 'settings'] },
};

function targetFor(
  { pressables }: SeenBanner,
  wish: Wish,
  layer: number,
  done: readonly ConsentAction[],
): Pressable | null {
  const wasPressed = ({ choice }: Pressable): boolean =>
    done.some(({ selector, text }) => selector === choice.selector && text === choice.text);
  for (const purpose of layer === 1 ? ORDER[wish].first : ORDER[wish].later) {
    const found = pressables.find((each) => each.choice.purpose === purpose && !wasPressed(each));
    if (found) return found;
  }
  return null;
}
