import { describe, expect, it } from '@jest/globals';
import type { Connection } from 'puppeteer';
import { fakeTarget, settled, type FakeTarget } from '../fake-target.test.helper.ts';
import { createTargetAttacher, sendAndForget, type AttachedTarget } from './target-attacher.ts';

const RESUME = 'Runtime.runIfWaitingForDebugger';

/** A browser that answers nothing but what the test lets it, and announces what the test says. */
async function attaching() {
  const resumes = new Map<string, PromiseWithResolvers<unknown>>();
  const sessions = new Map<string, FakeTarget>();
  const open = (sessionId: string): FakeTarget => {
    const resume = Promise.withResolvers<unknown>();
    const fake = fakeTarget({ answers: { [RESUME]: () => resume.promise } });
    resumes.set(sessionId, resume);
    sessions.set(sessionId, fake);
    return fake;
  };
  const root = open('root');
  const connection = { session: (id: string) => sessions.get(id)?.target.session ?? null };
  const attacher = await createTargetAttacher(connection as unknown as Connection, root.target.session);
  return {
    attacher,
    root,
    open,
    announce: (by: FakeTarget, sessionId: string, targetId: string, type: string) =>
      by.emit('Target.attachedToTarget', {
        sessionId,
        waitingForDebugger: true,
        targetInfo: { targetId, type, url: 'https://shop.test/', browserContextId: 'context-1' },
      }),
    acknowledgeResumeOf: (sessionId: string) => resumes.get(sessionId)?.resolve({}),
  };
}

function methods({ sent }: FakeTarget): string[] {
  return sent.map(({ method }) => method);
}

describe('attaching to targets', () => {
  it('resumes a target once it has all commands of its listener', async () => {
    const { attacher, root, open, announce } = await attaching();
    attacher.listen('context-1', {
      attached: ({ session }) => sendAndForget(session, 'Network.enable'),
      detached: () => undefined,
    });
    const page = open('page-session');
    announce(root, 'page-session', 'page', 'page');
    expect(methods(page)).toEqual(['Target.setAutoAttach', 'Network.enable', RESUME]);
  });

  it('holds a service worker that its second session resumes first until the first one has its commands', async () => {
    const { attacher, root, open, announce, acknowledgeResumeOf } = await attaching();
    const attached: AttachedTarget[] = [];
    attacher.listen('context-1', {
      attached: (target) => void attached.push(target),
      detached: () => undefined,
    });
    const page = open('page-session');
    announce(root, 'page-session', 'page', 'page');
    open('first');
    const second = open('second');
    announce(root, 'first', 'worker', 'service_worker');
    announce(page, 'second', 'worker', 'service_worker');
    const stopped = ['Debugger.enable', 'Debugger.setInstrumentationBreakpoint', RESUME];
    expect(methods(second)).toEqual(stopped);
    second.emit('Debugger.paused', {});
    await settled();
    expect(methods(second)).toEqual(stopped);
    acknowledgeResumeOf('first');
    await settled();
    expect(methods(second)).toEqual([...stopped, 'Debugger.disable']);
    expect(attached.map(({ id }) => id)).toEqual(['page', 'worker']);
  });

  it('resumes targets of contexts that nobody listens to, untouched', async () => {
    const { root, open, announce } = await attaching();
    const page = open('page-session');
    announce(root, 'page-session', 'page', 'page');
    expect(methods(page)).toEqual([RESUME]);
  });
});
