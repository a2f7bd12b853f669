import type { Protocol } from '../browser/cdp.ts';

/** One function on a call stack, as far as attribution needs it. */
export interface StackFrame {
  readonly scriptId: string;
  /** Name the script goes by, which code made from text can choose freely; empty when it has none. */
  readonly url: string;
}

/** A call stack together with the stacks that scheduled it, innermost first. */
export interface CallStack {
  readonly frames: readonly StackFrame[];
  /** Where the browser keeps the rest, when it did not send it along; null when this is all. */
  readonly parentId: Protocol.Runtime.StackTraceId | null;
}

/** Flattens a stack of the protocol. */
export function callStack(stack: Protocol.Runtime.StackTrace | undefined): CallStack {
  const frames: StackFrame[] = [];
  let parentId: Protocol.Runtime.StackTraceId | null = null;
  for (let level = stack; level; level = level.parent) {
    frames.push(...level.callFrames.map(({ scriptId, url }) => ({ scriptId, url })));
    parentId = level.parentId ?? null;
  }
  return { frames, parentId };
}

/** Names of the scripts on a stack, innermost first, each once. */
export function stackUrls(stack: Protocol.Runtime.StackTrace | undefined): string[] {
  return [
    ...new Set(
      callStack(stack)
        .frames.map(({ url }) => url)
        .filter((url) => url !== ''),
    ),
  ];
}
