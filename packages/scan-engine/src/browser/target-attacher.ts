import type { CDPSession, Connection, Protocol } from 'puppeteer';

/** Something inside the browser that runs code and that we hold a session to: a page, a frame, a worker. */
export interface AttachedTarget {
  readonly id: string;
  /** As the protocol names it: page, iframe, worker, shared_worker, service_worker, and so on. */
  readonly type: string;
  /** Address when it was attached; empty for a page that has not navigated yet. */
  readonly url: string;
  readonly session: CDPSession;
  readonly parent: AttachedTarget | null;
  /** False when it ran before anybody could look, so that something may have been missed. */
  readonly wasPaused: boolean;
  /** Resolves when the target has taken all commands of the collectors and runs, or is gone. */
  readonly resumed: Promise<void>;
}

const WORKER_TYPES: ReadonlySet<string> = new Set(['worker', 'shared_worker', 'service_worker']);

/** True for targets that run code without a document. */
export function isWorkerType(type: string): boolean {
  return WORKER_TYPES.has(type);
}

/** Told about every target of one context, while the target still waits. */
export interface TargetListener {
  /**
   * Sends the commands that the target must have before it runs. It must send them before it returns, without
   * waiting: commands of one session are carried out in order, and the target is resumed right after.
   */
  attached(target: AttachedTarget): void;
  detached(target: AttachedTarget): void;
}

/** Attaches to every target of every context before it runs its first line. */
export interface TargetAttacher {
  /** Routes the targets of one browser context to its listener until `unlisten` is called. */
  listen(contextId: string, listener: TargetListener): void;
  unlisten(contextId: string): void;
}

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true } as const;

/** Target types that can have targets below them. */
const PARENT_TYPES: ReadonlySet<string> = new Set([
  'page',
  'iframe',
  'worker',
  'shared_worker',
  'service_worker',
  'tab',
  'prerender',
]);

/**
 * Starts attaching. Every target is stopped at birth, handed to the listener of its context, and resumed.
 * Targets of contexts that nobody listens to are resumed untouched.
 */
export async function createTargetAttacher(
  connection: Connection,
  root: CDPSession,
): Promise<TargetAttacher> {
  const listeners = new Map<string, TargetListener>();
  const targets = new Map<string, { target: AttachedTarget; contextId: string }>();
  const attached = new Map<string, AttachedTarget>();

  const follow = (session: CDPSession, parent: AttachedTarget | null): void => {
    session.on('Target.attachedToTarget', (event) => attach(event, parent));
    session.on('Target.detachedFromTarget', ({ sessionId }) => {
      const known = targets.get(sessionId);
      targets.delete(sessionId);
      if (!known) return;
      attached.delete(known.target.id);
      listeners.get(known.contextId)?.detached(known.target);
    });
  };

  const attach = (event: Protocol.Target.AttachedToTargetEvent, parent: AttachedTarget | null): void => {
    const session = connection.session(event.sessionId);
    if (!session) return;
    const { targetId, type, url, browserContextId } = event.targetInfo;
    const contextId = browserContextId ?? '';
    let onResumed = (): void => undefined;
    const resumed = new Promise<void>((resolve) => {
      onResumed = resolve;
    });
    const target = { id: targetId, type, url, session, parent, wasPaused: event.waitingForDebugger, resumed };
    const listener = listeners.get(contextId);

    const first = attached.get(targetId);
    if (first) {
      if (event.waitingForDebugger) resumeAfter(first, session);
      return;
    }
    if (listener) {
      attached.set(targetId, target);
      targets.set(event.sessionId, { target, contextId });
      if (PARENT_TYPES.has(type)) {
        follow(session, target);
        sendAndForget(session, 'Target.setAutoAttach', AUTO_ATTACH);
      }
      listener.attached(target);
    }
    session.send('Runtime.runIfWaitingForDebugger').then(onResumed, onResumed);
  };

  follow(root, null);
  await root.send('Target.setAutoAttach', AUTO_ATTACH);
  return {
    listen: (contextId, listener) => void listeners.set(contextId, listener),
    unlisten: (contextId) => void listeners.delete(contextId),
  };
}

/**
 * Resumes a service worker in its second session. It is announced by the browser and by its page, its script is only
 * requested when both sessions have resumed it, and it runs as soon as it has heard one of them. Sessions do not wait
 * for one another, so this one may be heard before the commands of the first: it stops the worker once more, before
 * its first line, until the first one's commands are carried out.
 */
function resumeAfter(first: AttachedTarget, session: CDPSession): void {
  session.once('Debugger.paused', () => {
    void first.resumed
      // What the first session does when it hears of the pause is carried out before it answers this.
      .then(async () => await first.session.send('Runtime.getIsolateId'))
      .catch(() => undefined)
      .then(() => sendAndForget(session, 'Debugger.disable'));
  });
  sendAndForget(session, 'Debugger.enable');
  sendAndForget(session, 'Debugger.setInstrumentationBreakpoint', {
    instrumentation: 'beforeScriptExecution',
  });
  sendAndForget(session, 'Runtime.runIfWaitingForDebugger');
}

/**
 * Sends a command whose answer does not matter: the target may be gone before it answers, which is normal on the
 * web and no failure of ours.
 */
export function sendAndForget(
  session: CDPSession,
  method: Parameters<CDPSession['send']>[0],
  params?: Record<string, unknown>,
): void {
  session.send(method, params as never).catch(() => undefined);
}
