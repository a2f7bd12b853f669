import { insertSecrets, secretNamesIn, type LoginFlow, type LoginStep } from '@cookie-scanner/contracts';
import { sendAndForget, type AttachedTarget } from '../../browser/target-attacher.ts';
import type { Deadline } from '../../deadline.ts';
import type { PageDriver } from '../../page/page-visit.ts';
import type { ScanSession } from '../../scan-session.ts';
import { TAKE_VALUE } from './element-search.ts';
import { callOn, findElements, firstShown, type PageObject } from './find-elements.ts';
import type { Keyboard } from './keyboard.ts';
import { LoginFailure } from './login-failure.ts';
import { frameOf, placeOf, untilFound, type StepFrame } from './login-window.ts';
import { click, moveMouse, pointOn } from './pointer.ts';
import type { SecretHosts } from './secret-hosts.ts';
import { waitForElement, waitForExpression } from './wait-steps.ts';

/** What the steps of one login work with. */
export interface LoginWorld {
  readonly scan: ScanSession;
  readonly page: PageDriver;
  readonly keyboard: Keyboard;
  readonly secrets: LoginFlow['secrets'];
  readonly secretHosts: SecretHosts;
}

/** What one step works with. */
export interface StepPlace extends LoginWorld {
  readonly window: AttachedTarget;
  /** When the step has had its time. */
  readonly limit: Deadline;
}

type StepOf<T extends LoginStep['type']> = Extract<LoginStep, { type: T }>;
type PointerStep = StepOf<'click' | 'doubleClick' | 'hover'>;

/**
 * Does what a step says.
 *
 * @throws LoginFailure when the page does not let it
 */
export async function takeStep(step: LoginStep, place: StepPlace): Promise<void> {
  const { window, keyboard, limit } = place;
  switch (step.type) {
    case 'navigate':
      return void (await navigate(step, place));
    case 'setViewport':
      return void (await setViewport(step, window));
    case 'click':
    case 'doubleClick':
    case 'hover':
      return void (await point(step, place));
    case 'change':
      return void (await change(step, place));
    case 'keyDown':
      return void (await keyboard.down(window.session, step.key));
    case 'keyUp':
      return void (await keyboard.up(window.session, step.key));
    case 'scroll':
      return void (await scroll(step, place));
    case 'waitForElement':
      return void (await waitForElement(step, await frameFor(step, place), limit));
    case 'waitForExpression':
      return void (await waitForExpression(step, await frameFor(step, place), limit));
    case 'close':
      return void sendAndForget(window.session, 'Page.close');
    case 'emulateNetworkConditions':
      return; // A slower network changes when things happen, which the replay waits for anyway.
  }
}

async function navigate({ url }: StepOf<'navigate'>, { page, window, limit }: StepPlace): Promise<void> {
  if (window !== page.target) throw new LoginFailure('only the first window can be sent to another address');
  const { errorText, timedOut } = await page.navigate(url, limit);
  if (timedOut) throw new LoginFailure(`${placeOf(url)} did not answer in time`);
  if (errorText !== null) throw new LoginFailure(`${placeOf(url)} could not be opened: ${errorText}`);
}

/** For the pages of the login alone, because what can be clicked depends on it. */
async function setViewport(
  { width, height }: StepOf<'setViewport'>,
  { session }: AttachedTarget,
): Promise<void> {
  await session.send('Emulation.setDeviceMetricsOverride', {
    ...{ width, height, deviceScaleFactor: 0, mobile: false },
  });
}

async function point(step: PointerStep, place: StepPlace): Promise<void> {
  const { scan, window, limit } = place;
  const frame = await frameFor(step, place);
  const offset = step.type === 'hover' ? null : { x: step.offsetX, y: step.offsetY };
  const spot = await untilFound(async () => {
    const element = await lookFor(frame, step.selectors);
    return element && (await pointOn(scan, frame, element, offset));
  }, limit);
  if (!spot) throw notFound(step.selectors);
  if (step.type === 'hover') return void (await moveMouse(window.session, spot));
  const times = step.type === 'doubleClick' ? 2 : 1;
  await click(window.session, spot, step.button, { times, holdMs: step.duration });
}

async function change(step: StepOf<'change'>, place: StepPlace): Promise<void> {
  const { window, keyboard, limit, secrets, secretHosts, scan } = place;
  const frame = await frameFor(step, place);
  const element = await untilFound(async () => await lookFor(frame, step.selectors), limit);
  if (!element) throw notFound(step.selectors);
  if (secretNamesIn(step.value).length > 0) secretHosts.check(scan.frames.urlOf(frame.frameId) ?? '');
  const value = insertSecrets(step.value, secrets);
  const answer: unknown = (await callOn(element, TAKE_VALUE, [value], true)).value;
  if (answer === 'type') await keyboard.type(window.session, value);
  else if (answer !== 'done') throw new LoginFailure(`${shown(step.selectors)} takes no such value`);
}

async function scroll(step: StepOf<'scroll'>, place: StepPlace): Promise<void> {
  const frame = await frameFor(step, place);
  if (step.selectors === undefined) {
    const { x, y } = step;
    const expression = `scrollTo(${x}, ${y})`;
    await frame.session.send('Runtime.evaluate', { expression });
    return;
  }
  const { selectors } = step;
  const element = await untilFound(async () => await lookFor(frame, selectors), place.limit);
  if (!element) throw notFound(selectors);
  await callOn(element, 'function (x, y) { this.scrollTo(x, y); }', [step.x, step.y]);
}

async function frameFor(step: { readonly frame: readonly number[] }, place: StepPlace): Promise<StepFrame> {
  return await frameOf(place.scan, place.window, step.frame, place.limit);
}

async function lookFor(
  frame: StepFrame,
  selectors: readonly (readonly string[])[],
): Promise<PageObject | null> {
  const elements = await findElements(frame, selectors);
  return elements && (await firstShown(elements));
}

function notFound(selectors: readonly (readonly string[])[]): LoginFailure {
  return new LoginFailure(`there is no ${shown(selectors)} that could be used`);
}

function shown([first, ...others]: readonly (readonly string[])[]): string {
  const more = others.length > 0 ? ` (or ${others.length} other ways to it)` : '';
  return `element ${(first ?? []).join(' › ')}${more}`;
}
