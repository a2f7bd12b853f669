import type { Protocol } from '../browser/cdp.ts';
import type { AttachedTarget } from '../browser/target-attacher.ts';
import { callStack, type CallStack } from './call-stack.ts';
import type { FramesCollector } from './frames.collector.ts';
import { HOOK_SOURCE_URL } from './write-hook.ts';

/** Where in the page's code something was done. */
export interface ScriptOrigin {
  readonly atMs: number;
  /** Address of the document or worker whose global object was used. */
  readonly documentUrl: string;
  /** Documents around it, from its parent outwards. */
  readonly ancestorUrls: readonly string[];
  /** The page's own part of the call stack. */
  readonly stack: CallStack;
  /** Session that can say more about the scripts on the stack. */
  readonly sessionId: string;
}

/** Reads from a hook's report, to which the browser added the stack, where the reported call came from. */
export function scriptOrigin(
  target: AttachedTarget,
  event: Protocol.Runtime.ConsoleAPICalledEvent,
  frames: FramesCollector,
  atMs: number,
): ScriptOrigin {
  const frameId = frames.frameOfContext(target.session.id(), event.executionContextId);
  const stack = callStack(event.stackTrace);
  return {
    atMs,
    documentUrl: (frameId === null ? null : frames.urlOf(frameId)) ?? target.url,
    ancestorUrls: frameId === null ? [] : frames.ancestorsOf(frameId),
    stack: { ...stack, frames: stack.frames.filter(({ url }) => url !== HOOK_SOURCE_URL) },
    sessionId: target.session.id(),
  };
}
