import { beforeEach, describe, expect, it } from '@jest/globals';
import { fakeTarget, stackOf, type FakeTarget } from '../fake-target.test.helper.ts';
import { framesCollector } from './frames.collector.ts';
import { scriptWritesCollector, type ScriptWritesCollector } from './script-writes.collector.ts';
import { HOOK_SOURCE_URL } from './write-hook.ts';

const SCRIPT = 'https://cdn.test/tag.js';

let scripts: ScriptWritesCollector;
let page: FakeTarget;
let token: string;

beforeEach(() => {
  const frames = framesCollector();
  scripts = scriptWritesCollector(() => 70, frames);
  page = fakeTarget();
  frames.attach(page.target);
  scripts.attach(page.target);
  page.emit('Page.frameNavigated', { frame: { id: 'main', url: 'https://shop.test/' } });
  page.emit('Page.frameNavigated', { frame: { id: 'child', parentId: 'main', url: 'https://ads.test/' } });
  page.emit('Runtime.executionContextCreated', { context: { id: 1, auxData: { frameId: 'main' } } });
  page.emit('Runtime.executionContextCreated', { context: { id: 2, auxData: { frameId: 'child' } } });
  token = tokenOf(page);
});

/** The secret in the code that was sent into the page. */
function tokenOf(target: FakeTarget): string {
  const { source, expression } =
    target.sent
      .map(({ params }) => (params ?? {}) as { source?: string; expression?: string })
      .find(({ source, expression }) => (source ?? expression)?.includes('const token')) ?? {};
  return /const token = "([^"]+)"/.exec(source ?? expression ?? '')?.[1] ?? '';
}

/** The browser tells of a call of a function of the console. */
function consoleCall(
  args: readonly unknown[],
  more: { type?: string; context?: number; stack?: string[] } = {},
): void {
  page.emit('Runtime.consoleAPICalled', {
    type: more.type ?? 'debug',
    args: args.map((value) => ({ type: typeof value, ...(value === undefined ? {} : { value }) })),
    executionContextId: more.context ?? 1,
    stackTrace: stackOf(HOOK_SOURCE_URL, ...(more.stack ?? [SCRIPT])),
  });
}

describe('writes by script', () => {
  it('to document.cookie carry the page’s part of the stack, and where it ran', () => {
    consoleCall([token, 'document.cookie', 'id=1; Path=/', true], { context: 2 });
    expect(scripts.cookieWrites()).toMatchObject([
      {
        kind: 'javascript',
        atMs: 70,
        line: 'id=1; Path=/',
        visible: true,
        documentUrl: 'https://ads.test/',
        ancestorUrls: ['https://shop.test/'],
        stack: { frames: [{ url: SCRIPT }] },
      },
    ]);
  });

  it('to the Cookie Store have an outcome once the browser has decided', () => {
    consoleCall([token, 'cookieStore.set', 1, 'id', 'v', 'shop.test', '/', '1800000000000', 'lax', true]);
    consoleCall([token, 'cookieStore.delete', 2, 'old', null, '/', false]);
    expect(scripts.cookieWrites()).toMatchObject([
      {
        kind: 'cookie-store',
        action: 'set',
        name: 'id',
        value: 'v',
        domain: 'shop.test',
        path: '/',
        expiresMs: 1_800_000_000_000,
        sameSite: 'lax',
        partitioned: true,
        succeeded: null,
      },
      { action: 'delete', name: 'old', domain: null, path: '/', partitioned: false, succeeded: null },
    ]);
    consoleCall([token, 'outcome', 2, false]);
    consoleCall([token, 'outcome', 1, true]);
    expect(scripts.cookieWrites()).toMatchObject([{ succeeded: true }, { succeeded: false }]);
  });

  it('of two documents with the same call number do not mix their outcomes', () => {
    consoleCall([token, 'cookieStore.set', 1, 'mine', 'v'], { context: 1 });
    consoleCall([token, 'cookieStore.set', 1, 'theirs', 'v'], { context: 2 });
    consoleCall([token, 'outcome', 1, false], { context: 2 });
    expect(scripts.cookieWrites()).toMatchObject([
      { name: 'mine', succeeded: null },
      { name: 'theirs', succeeded: false },
    ]);
  });

  it('to storage are kept by kind and key', () => {
    consoleCall([token, 'storage.set', 'local', 'theme']);
    consoleCall([token, 'storage.set', 'indexeddb', 'queue']);
    expect(scripts.storageWrites()).toMatchObject([
      { storage: 'local', key: 'theme' },
      { storage: 'indexeddb', key: 'queue' },
    ]);
    expect(scripts.cookieWrites()).toEqual([]);
  });

  it('in a worker are placed by the address of the worker', () => {
    const worker = fakeTarget({ type: 'worker', url: 'https://shop.test/worker.js' });
    scripts.attach(worker.target);
    worker.emit('Runtime.consoleAPICalled', {
      type: 'debug',
      args: [token, 'cookieStore.set', 1, 'id', 'v'].map((value) => ({ value })),
      executionContextId: 1,
    });
    expect(scripts.cookieWrites()).toMatchObject([
      { documentUrl: 'https://shop.test/worker.js', ancestorUrls: [] },
    ]);
  });

  it('without end do not fill our memory', () => {
    for (let n = 0; n < 20_100; n += 1) consoleCall([token, 'storage.set', 'local', `key${n}`]);
    expect(scripts.storageWrites()).toHaveLength(20_000);
  });
});

describe('what a page prints itself', () => {
  it.each([
    ['without the token', ['document.cookie', 'forged=1', true]],
    [
      'with a token it made up',
      ['00000000-0000-4000-8000-000000000000', 'document.cookie', 'forged=1', true],
    ],
    ['with an object in place of the token', [{ toString: 'x' }, 'document.cookie', 'forged=1', true]],
    ['with nothing', []],
    ['with undefined', [undefined, 'document.cookie', 'forged=1', true]],
    ['with null', [null, 'document.cookie', 'forged=1', true]],
  ])('is no write: console.debug %s', (_what, args) => {
    consoleCall(args);
    expect(scripts.cookieWrites()).toEqual([]);
    expect(scripts.storageWrites()).toEqual([]);
  });

  it.each(['log', 'warning', 'error', 'info'])(
    'is no write even with the token when it goes to console.%s',
    (type) => {
      consoleCall([token, 'document.cookie', 'forged=1', true], { type });
      expect(scripts.cookieWrites()).toEqual([]);
    },
  );
});

describe('the token', () => {
  it('is a new one in every scan', () => {
    const other = scriptWritesCollector(() => 0, framesCollector());
    const target = fakeTarget();
    other.attach(target.target);
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    expect(tokenOf(target)).not.toBe(token);
  });

  it('is not heard by another scan', () => {
    const other = scriptWritesCollector(() => 0, framesCollector());
    other.attach(page.target);
    consoleCall([token, 'document.cookie', 'id=1', true]);
    expect(scripts.cookieWrites()).toHaveLength(1);
    expect(other.cookieWrites()).toEqual([]);
  });
});
