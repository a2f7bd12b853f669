import type { ConsentAction, ConsentRun } from '@cookie-scanner/contracts';
import { press } from '../banner/read-banner.ts';
import { choiceEvidence, choiceState } from './choice-evidence.ts';
import { byWords, type ChoiceContext } from './make-choice.ts';
import type { StatePage } from './state-page.ts';

const AFTER_PRESS_MS = 2_000;

/** Takes consent back, where the page offers a way: a link to the settings, a button to withdraw. */
export async function withdrawConsent(
  at: StatePage,
  context: ChoiceContext,
): Promise<NonNullable<ConsentRun['withdrawal']>> {
  const { waysBack } = await at.readBanner(1);
  const way = waysBack.find(({ choice }) => choice.purpose === 'withdraw') ?? waysBack[0];
  if (!way) return { offered: false, done: false, atMs: null, actions: [] };
  const before = await choiceState(at, context.consentMode, null);
  const atMs = Math.floor(at.scan.clock());
  const screenshotBefore = await at.picture(`${context.label}-before`);
  await press(way);
  await at.live(AFTER_PRESS_MS);
  const screenshotAfter = await at.picture(`${context.label}-opened`);
  const { purpose, text, selector, frameUrl } = way.choice;
  const opening: ConsentAction = {
    ...{ purpose, by: 'words', text, selector, frameUrl, layer: 1, atMs },
    ...{ screenshotBefore, screenshotAfter },
  };
  const { banner } = await at.readBanner(2);
  if (!banner?.operable) {
    const after = await choiceState(at, context.consentMode, null);
    const isDone = purpose === 'withdraw' && choiceEvidence(at, before, after).isTaken;
    return { offered: true, done: isDone, atMs: isDone ? atMs : null, actions: [opening] };
  }
  const { actions, outcome, choiceAtMs } = await byWords(at, banner, 'reject', 2, {
    ...context,
    label: `${context.label}-choice`,
  });
  return { offered: true, done: outcome === 'taken', atMs: choiceAtMs, actions: [opening, ...actions] };
}
