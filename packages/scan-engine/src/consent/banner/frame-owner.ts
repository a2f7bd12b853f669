import type { CDPSession } from '../../browser/cdp.ts';
import { TIMED_OUT, within } from '../../deadline.ts';
import type { ScanSession } from '../../scan-session.ts';

const ANSWER_LIMIT_MS = 1_000;

const IS_SHOWN = `function () {
  const box = this.getBoundingClientRect();
  return this.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    box.width > 40 && box.height > 20 && box.right > 0 && box.bottom + scrollY > 0;
}`;

/** Whether the document around a frame shows it; true when nobody can tell. */
export async function isFrameShown(scan: ScanSession, frameId: string): Promise<boolean> {
  for (const { session } of scan.targets.frames()) {
    const shown = await within(ask(session, frameId), ANSWER_LIMIT_MS).catch(() => null);
    if (shown !== TIMED_OUT && shown !== null) return shown;
  }
  return true;
}

/** Null when the frame does not stand in a document of this target. */
async function ask(session: CDPSession, frameId: string): Promise<boolean | null> {
  const { backendNodeId } = await session.send('DOM.getFrameOwner', { frameId });
  const { object } = await session.send('DOM.resolveNode', { backendNodeId });
  if (object.objectId === undefined) return null;
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: object.objectId,
    functionDeclaration: IS_SHOWN,
    returnByValue: true,
  });
  return result.value === true;
}
