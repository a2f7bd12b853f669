import type { CDPSession, Protocol } from '../browser/cdp.ts';

/** One world for all that a visit asks: under the same name the browser gives a document's world out again. */
const WORLD_NAME = 'visit';

/** How an expression is evaluated, in the words of the protocol. */
type EvaluateOptions = Pick<Protocol.Runtime.EvaluateRequest, 'awaitPromise' | 'returnByValue' | 'timeout'>;

/**
 * Evaluates an expression in a frame's world of our own, where the page cannot redefine anything.
 *
 * @returns the value; undefined for one that has none, or where the code failed
 * @throws when the frame is gone
 */
export async function evaluateApart(
  session: CDPSession,
  frameId: string,
  expression: string,
  options: EvaluateOptions = {},
): Promise<unknown> {
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId,
    worldName: WORLD_NAME,
  });
  const { result } = await session.send('Runtime.evaluate', {
    contextId: executionContextId,
    expression,
    ...options,
  });
  return result.value;
}
