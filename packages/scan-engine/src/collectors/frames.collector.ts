import { sendAndForget } from '../browser/target-attacher.ts';
import type { CDPSession, Protocol } from '../browser/cdp.ts';
import type { Collector } from './collector.ts';

interface FrameRecord {
  url: string;
  parentId: string | null;
}

/** Knows every frame of the scan, in whatever process it lives, and what it shows at the moment. */
export interface FramesCollector extends Collector {
  /** Address of the frame's document; null for a frame never heard of. */
  urlOf(frameId: string): string | null;
  /** Addresses of the documents around a frame, from its parent outwards to the page. */
  ancestorsOf(frameId: string): string[];
  /** How many frames there were below a frame, in whatever depth. */
  countBelow(frameId: string): number;
  /** Frame that a script's execution context belongs to; null for workers and unknown contexts. */
  frameOfContext(sessionId: string, contextId: number): string | null;
  /** The context that the page's own scripts of a frame run in now; null for a frame that has run none. */
  ownContextOf(frameId: string): number | null;
  /** Frames directly within a frame, in the order they came. */
  childrenOf(frameId: string): string[];
  /** Every frame that has run scripts and whose target is still there, with the session that reaches it. */
  withSessions(): readonly { session: CDPSession; frameId: string }[];
}

/** Frames within frames that are followed. */
const DEPTH_MAX = 50;

/** Collects frames from the page events of every target, out-of-process frames included. */
export function framesCollector(): FramesCollector {
  const frames = new Map<string, FrameRecord>();
  const contexts = new Map<string, string>();
  const ownContexts = new Map<string, number>();
  const sessions = new Map<string, CDPSession>();
  const removed = new Set<string>();

  const remember = (frameId: string, parentId: string | null, url: string | null): void => {
    const known = frames.get(frameId);
    frames.set(frameId, {
      url: url ?? known?.url ?? 'about:blank',
      parentId: parentId ?? known?.parentId ?? null,
    });
  };

  const ancestorsOf = (frameId: string): string[] => {
    const urls: string[] = [];
    let parentId = frames.get(frameId)?.parentId ?? null;
    while (parentId !== null && urls.length < DEPTH_MAX) {
      const parent = frames.get(parentId);
      if (!parent) break;
      urls.push(parent.url);
      parentId = parent.parentId;
    }
    return urls;
  };

  const isBelow = (frameId: string, ancestorId: string): boolean => {
    let id: string | null = frameId;
    for (let depth = 0; id !== null && depth < DEPTH_MAX; depth += 1) {
      if (id === ancestorId) return true;
      id = frames.get(id)?.parentId ?? null;
    }
    return false;
  };

  return {
    attach({ session, type }) {
      session.on('Runtime.executionContextCreated', ({ context }) => {
        const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
        if (!frameId) return;
        if (isDefault === true) ownContexts.set(frameId, context.id);
        contexts.set(`${session.id()}:${context.id}`, frameId);
        sessions.set(frameId, session);
      });
      if (type !== 'page' && type !== 'iframe') return;
      session.on('Page.frameAttached', ({ frameId, parentFrameId }) =>
        remember(frameId, parentFrameId, null),
      );
      session.on('Page.frameDetached', ({ frameId, reason }) => {
        // A frame that moves to another process is announced there again.
        if (reason === 'remove') removed.add(frameId);
      });
      session.on('Page.frameNavigated', ({ frame }) => remember(frame.id, frame.parentId ?? null, frame.url));
      session.on('Page.navigatedWithinDocument', ({ frameId, url }) => remember(frameId, null, url));
      sendAndForget(session, 'Page.enable');
      session.send('Page.getFrameTree').then(
        ({ frameTree }) => rememberTree(frameTree, remember),
        () => undefined,
      );
    },
    detached(target) {
      for (const [frameId, session] of sessions) if (session === target.session) sessions.delete(frameId);
    },
    urlOf: (frameId) => frames.get(frameId)?.url ?? null,
    ancestorsOf,
    countBelow: (frameId) => [...frames.keys()].filter((id) => id !== frameId && isBelow(id, frameId)).length,
    childrenOf: (frameId) =>
      [...frames].flatMap(([id, { parentId }]) => (parentId === frameId && !removed.has(id) ? [id] : [])),
    frameOfContext: (sessionId, contextId) => contexts.get(`${sessionId}:${contextId}`) ?? null,
    ownContextOf: (frameId) => ownContexts.get(frameId) ?? null,
    withSessions: () => [...sessions].map(([frameId, session]) => ({ frameId, session })),
  };
}

function rememberTree(
  tree: Protocol.Page.FrameTree,
  remember: (frameId: string, parentId: string | null, url: string | null) => void,
): void {
  remember(tree.frame.id, tree.frame.parentId ?? null, tree.frame.url === '' ? null : tree.frame.url);
  for (const child of tree.childFrames ?? []) rememberTree(child, remember);
}
