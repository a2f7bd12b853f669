import type { CDPSession } from '../../browser/cdp.ts';
import type { ScanSession } from '../../scan-session.ts';
import type { PageObject } from './find-elements.ts';
import type { StepFrame } from './login-window.ts';

/** Place in a window, in CSS pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

type Button = 'left' | 'middle' | 'right' | 'back' | 'forward';

/** Names of the Recorder, and of the protocol with its bits. */
const BUTTONS: Readonly<Record<string, { readonly button: Button; readonly bit: number }>> = {
  primary: { button: 'left', bit: 1 },
  secondary: { button: 'right', bit: 2 },
  auxiliary: { button: 'middle', bit: 4 },
  back: { button: 'back', bit: 8 },
  forward: { button: 'forward', bit: 16 },
};

/**
 * Where in its window a point of an element is, once it is scrolled into view.
 *
 * @param offset - from the element's upper left corner; null for its middle. A point beside an element that became
 *   smaller since the recording counts as its edge.
 * @returns null while the element takes up no space
 */
export async function pointOn(
  scan: ScanSession,
  frame: StepFrame,
  { session, objectId }: PageObject,
  offset: Point | null,
): Promise<Point | null> {
  await session.send('DOM.scrollIntoViewIfNeeded', { objectId });
  const { quads } = await session.send('DOM.getContentQuads', { objectId });
  const [quad] = quads;
  if (!quad) return null;
  const xs = quad.filter((_, at) => at % 2 === 0);
  const ys = quad.filter((_, at) => at % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  if (width < 1 || height < 1) return null;
  const within = (wanted: number, size: number): number => Math.max(0.5, Math.min(wanted, size - 0.5));
  const corner = await cornerOf(scan, frame);
  return {
    x: corner.x + left + within(offset?.x ?? width / 2, width),
    y: corner.y + top + within(offset?.y ?? height / 2, height),
  };
}

/** Moves the mouse there. */
export async function moveMouse(window: CDPSession, { x, y }: Point): Promise<void> {
  await window.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
}

/** Presses a button there, once or twice. */
export async function click(
  window: CDPSession,
  point: Point,
  name: string,
  { times, holdMs }: { readonly times: 1 | 2; readonly holdMs: number },
): Promise<void> {
  const { button, bit } = BUTTONS[name] ?? { button: 'left', bit: 1 };
  await moveMouse(window, point);
  for (let clickCount = 1; clickCount <= times; clickCount += 1) {
    const event = { ...point, button, clickCount };
    await window.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...event, buttons: bit });
    await new Promise((resolve) => setTimeout(resolve, holdMs));
    await window.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...event, buttons: 0 });
  }
}

/** Upper left corner of the documents that a session reaches: frames in other processes count from their own. */
async function cornerOf(scan: ScanSession, { session, window }: StepFrame): Promise<Point> {
  let corner: Point = { x: 0, y: 0 };
  let target = scan.targets.frames().find((known) => known.session === session) ?? window;
  while (target !== window && target.parent !== null) {
    const { parent } = target;
    const { backendNodeId } = await parent.session.send('DOM.getFrameOwner', { frameId: target.id });
    const { model } = await parent.session.send('DOM.getBoxModel', { backendNodeId });
    const [left = 0, top = 0] = model.content;
    corner = { x: corner.x + left, y: corner.y + top };
    target = parent;
  }
  return corner;
}
