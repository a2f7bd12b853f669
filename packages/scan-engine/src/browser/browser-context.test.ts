import { describe, expect, it } from '@jest/globals';
import { fakeTarget, settled } from '../fake-target.test.helper.ts';
import { createBrowserContext } from './browser-context.ts';
import type { TargetListener } from './target-attacher.ts';

const listener: TargetListener = { attached: () => undefined, detached: () => undefined };

function fakeBrowser(answers: Parameters<typeof fakeTarget>[0] = {}) {
  const browser = fakeTarget({
    answers: {
      'Target.createBrowserContext': () => ({ browserContextId: 'context-1' }),
      'Target.createTarget': () => ({ targetId: 'page-1' }),
      ...answers.answers,
    },
  });
  const listening = new Map<string, TargetListener>();
  const attacher = {
    listen: (id: string, added: TargetListener) => void listening.set(id, added),
    unlisten: (id: string) => void listening.delete(id),
  };
  return { ...browser, listening, attacher };
}

describe('the context of a scan', () => {
  // Without this proxy, or with loopback going beside it, a page reaches this machine's own network.
  it('leaves only through the gateway of its scan, loopback included', async () => {
    const { target, sent, attacher } = fakeBrowser();
    await createBrowserContext(target.session, attacher, 4_711, listener);
    expect(sent).toContainEqual({
      method: 'Target.createBrowserContext',
      params: {
        disposeOnDetach: true,
        proxyServer: 'socks5://127.0.0.1:4711',
        proxyBypassList: '<-loopback>',
      },
    });
  });

  it('downloads nothing', async () => {
    const { target, sent, attacher } = fakeBrowser();
    await createBrowserContext(target.session, attacher, 4_711, listener);
    expect(sent).toContainEqual({
      method: 'Browser.setDownloadBehavior',
      params: { behavior: 'deny', browserContextId: 'context-1' },
    });
  });

  it('is listened to from before its first page until it is disposed of', async () => {
    const { target, sent, attacher, listening } = fakeBrowser();
    const context = await createBrowserContext(target.session, attacher, 4_711, listener);
    expect(listening.get('context-1')).toBe(listener);
    expect(await context.openPage()).toBe('page-1');
    await context.dispose();
    expect(listening.size).toBe(0);
    expect(sent.at(-1)).toEqual({
      method: 'Target.disposeBrowserContext',
      params: { browserContextId: 'context-1' },
    });
  });

  // Until it is gone its workers run and have the network, and a start of one would show the browser instead of the visitor.
  it('is listened to while it is being disposed of', async () => {
    const gone = Promise.withResolvers<unknown>();
    const { target, attacher, listening } = fakeBrowser({
      answers: { 'Target.disposeBrowserContext': () => gone.promise },
    });
    const context = await createBrowserContext(target.session, attacher, 4_711, listener);
    const disposed = context.dispose();
    await settled();
    expect(listening.size).toBe(1);
    gone.resolve({});
    await disposed;
    expect(listening.size).toBe(0);
  });

  it('can be disposed of when its browser is gone', async () => {
    const { target, attacher } = fakeBrowser({
      answers: {
        'Target.disposeBrowserContext': () => {
          throw new Error('Target closed');
        },
      },
    });
    await (await createBrowserContext(target.session, attacher, 4_711, listener)).dispose();
  });
});
