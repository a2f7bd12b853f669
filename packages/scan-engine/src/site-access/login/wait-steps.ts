import type { LoginStep } from '@cookie-scanner/contracts';
import { isProtocolFailure } from '../../browser/browser-failure.ts';
import type { Deadline } from '../../deadline.ts';
import { COUNT_FITTING } from './element-search.ts';
import { callOn, findElements } from './find-elements.ts';
import { LoginFailure } from './login-failure.ts';
import { untilFound, type StepFrame } from './login-window.ts';

type StepOf<T extends LoginStep['type']> = Extract<LoginStep, { type: T }>;

const IS_ENOUGH: Record<StepOf<'waitForElement'>['operator'], (found: number, wanted: number) => boolean> = {
  '==': (found, wanted) => found === wanted,
  '>=': (found, wanted) => found >= wanted,
  '<=': (found, wanted) => found <= wanted,
};

/** @throws LoginFailure when there are never as many such elements as the step wants */
export async function waitForElement(
  { selectors, operator, count, visible, attributes, properties }: StepOf<'waitForElement'>,
  frame: StepFrame,
  limit: Deadline,
): Promise<void> {
  let last = 0;
  const fits = await untilFound(async () => {
    const elements = await findElements(frame, selectors);
    const conditions = [visible ?? null, attributes, properties];
    last = elements ? Number((await callOn(elements, COUNT_FITTING, conditions, true)).value) : 0;
    return IS_ENOUGH[operator](last, count) ? true : null;
  }, limit);
  if (fits) return;
  const [first = []] = selectors;
  throw new LoginFailure(`there are ${last} elements ${first.join(' › ')} and not ${operator} ${count}`);
}

/**
 * Waits until an expression is true for the page. It is part of the recording, and sees what the page's scripts see.
 *
 * @throws LoginFailure when it never is
 */
export async function waitForExpression(
  { expression }: StepOf<'waitForExpression'>,
  { session, frameId, window }: StepFrame,
  limit: Deadline,
): Promise<void> {
  if (frameId !== window.id) throw new LoginFailure('expressions can be waited for in the page itself only');
  const isTrue = await untilFound(async () => {
    try {
      const { result } = await session.send('Runtime.evaluate', {
        expression: `Promise.resolve((${expression})).then(Boolean)`,
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value === true ? true : null;
    } catch (error) {
      if (isProtocolFailure(error)) return null; // The page is just going elsewhere.
      throw error;
    }
  }, limit);
  if (!isTrue) throw new LoginFailure('what the expression says did not come true');
}
