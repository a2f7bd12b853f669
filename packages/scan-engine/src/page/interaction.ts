import type { CDPSession } from '../browser/cdp.ts';
import { within } from '../deadline.ts';

/** A page that does not answer to input within this time is left alone. */
const STEP_LIMIT_MS = 1_000;
const WHEEL_STEPS = 4;
const WHEEL_DELTA_PX = 2_000;

/**
 * Moves the mouse, scrolls down and back up and presses a key, as every visitor does sooner or later. Many tags
 * wait for exactly that.
 */
export async function interact(session: CDPSession): Promise<void> {
  const steps: (() => Promise<unknown>)[] = [
    () => session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 240, y: 180 }),
    () => session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 420, y: 320 }),
    ...Array.from({ length: WHEEL_STEPS }, () => () => wheel(session, WHEEL_DELTA_PX)),
    () => press(session, 'ArrowDown', 40),
    () => press(session, 'Shift', 16),
    () => wheel(session, -WHEEL_STEPS * WHEEL_DELTA_PX),
  ];
  for (const step of steps) {
    const answered = await within(
      step().then(
        () => true,
        () => false,
      ),
      STEP_LIMIT_MS,
    );
    if (answered !== true) return;
  }
}

async function wheel(session: CDPSession, deltaY: number): Promise<void> {
  await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 420, y: 320, deltaX: 0, deltaY });
}

async function press(session: CDPSession, key: string, windowsVirtualKeyCode: number): Promise<void> {
  await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode });
}
