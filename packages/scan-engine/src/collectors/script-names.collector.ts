import type { CDPSession } from '../browser/cdp.ts';
import { sendAndForget } from '../browser/target-attacher.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import { callStack, type StackFrame } from './call-stack.ts';
import type { Collector } from './collector.ts';
import type { ScriptOrigin } from './script-origin.ts';
import { HOOK_SOURCE_URL } from './write-hook.ts';

const LIMIT_MS = 1_000;

/** Knows where scripts really came from, whatever name they give themselves. */
export interface ScriptNamesCollector extends Collector {
  /**
   * Asks the browser for the scripts of all frames still alive, and for the rest of stacks that it kept. Call it
   * before the frames are left.
   */
  resolve(origins: readonly ScriptOrigin[]): Promise<void>;
  /** Addresses of the scripts that led to a write, the one that acted first; code made from text is left out. */
  scriptUrls(origin: ScriptOrigin): string[];
}

/**
 * Collects the origin of scripts. A comment in the code can give it any name in a stack; the address it was loaded
 * from, which the browser keeps beside that name, it cannot change. Code made from text has no such address, and
 * is attributed to the script that made it.
 */
export function scriptNamesCollector(): ScriptNamesCollector {
  const sessions = new Map<string, CDPSession>();
  const addresses = new Map<string, string>();
  const parents = new WeakMap<ScriptOrigin, readonly StackFrame[]>();

  const addressOf = (sessionId: string, { scriptId, url }: StackFrame): string =>
    addresses.get(`${sessionId}:${scriptId}`) ?? url;
  const urlsOf = (origin: ScriptOrigin): string[] => {
    const frames = [...origin.stack.frames, ...(parents.get(origin) ?? [])];
    return [
      ...new Set(frames.map((frame) => addressOf(origin.sessionId, frame)).filter((url) => url !== '')),
    ];
  };

  const fetchParent = async (origin: ScriptOrigin): Promise<void> => {
    const stackTraceId = origin.stack.parentId;
    const session = sessions.get(origin.sessionId);
    if (!stackTraceId || !session) return;
    const answer = await within(session.send('Debugger.getStackTrace', { stackTraceId }), LIMIT_MS).catch(
      () => TIMED_OUT,
    );
    if (answer !== TIMED_OUT && typeof answer === 'object')
      parents.set(
        origin,
        callStack(answer.stackTrace).frames.filter(({ url }) => url !== HOOK_SOURCE_URL),
      );
  };

  return {
    attach({ session, type }) {
      if (type !== 'page' && type !== 'iframe') return;
      sessions.set(session.id(), session);
      session.on('Debugger.scriptParsed', ({ scriptId, embedderName }) => {
        addresses.set(`${session.id()}:${scriptId}`, embedderName ?? '');
      });
    },
    detached: ({ session }) => void sessions.delete(session.id()),
    async resolve(origins) {
      const wanted = new Set(origins.map(({ sessionId }) => sessionId));
      await Promise.all(
        [...wanted].map(async (sessionId) => {
          const session = sessions.get(sessionId);
          if (!session) return;
          sendAndForget(session, 'Debugger.setSkipAllPauses', { skip: true });
          await within(session.send('Debugger.enable', {}), LIMIT_MS).catch(() => undefined);
        }),
      );
      await Promise.all(
        origins.filter((origin) => urlsOf(origin).length === 0 && !parents.has(origin)).map(fetchParent),
      );
    },
    scriptUrls: urlsOf,
  };
}
