import { describe, expect, it } from '@jest/globals';
import { fakeTarget, type FakeTarget } from '../fake-target.test.helper.ts';
import type { CallStack } from './call-stack.ts';
import { scriptNamesCollector } from './script-names.collector.ts';
import type { ScriptOrigin } from './script-origin.ts';

const CULPRIT = 'https://cdn.test/culprit.js';
const INNOCENT = 'https://innocent.test/app.js';

function originOf({ target }: FakeTarget, stack: CallStack): ScriptOrigin {
  return {
    atMs: 0,
    documentUrl: 'https://shop.test/',
    ancestorUrls: [],
    stack,
    sessionId: target.session.id(),
  };
}

describe('names of scripts', () => {
  it('are the addresses they were loaded from, not what they call themselves', async () => {
    const names = scriptNamesCollector();
    const page = fakeTarget();
    names.attach(page.target);
    page.emit('Debugger.scriptParsed', { scriptId: '1', url: INNOCENT, embedderName: '' });
    page.emit('Debugger.scriptParsed', { scriptId: '2', url: CULPRIT, embedderName: CULPRIT });
    const frames = [
      { scriptId: '1', url: INNOCENT },
      { scriptId: '2', url: CULPRIT },
    ];
    const origin = originOf(page, { frames, parentId: null });
    await names.resolve([origin]);
    expect(names.scriptUrls(origin)).toEqual([CULPRIT]);
  });

  it('are what the stack says as long as the browser has not told better', () => {
    const names = scriptNamesCollector();
    const page = fakeTarget();
    names.attach(page.target);
    const origin = originOf(page, { frames: [{ scriptId: '9', url: CULPRIT }], parentId: null });
    expect(names.scriptUrls(origin)).toEqual([CULPRIT]);
  });

  it('of code made from text are looked for in the stack that scheduled it', async () => {
    const names = scriptNamesCollector();
    const page = fakeTarget({
      answers: {
        'Debugger.getStackTrace': () => ({ stackTrace: { callFrames: [{ scriptId: '2', url: CULPRIT }] } }),
      },
    });
    names.attach(page.target);
    const origin = originOf(page, { frames: [{ scriptId: '1', url: '' }], parentId: { id: '7' } });
    await names.resolve([origin]);
    expect(names.scriptUrls(origin)).toEqual([CULPRIT]);
  });

  it('are not mixed up between sessions, which number their scripts alike', () => {
    const names = scriptNamesCollector();
    const [page, frame] = [fakeTarget(), fakeTarget({ type: 'iframe' })];
    for (const { target } of [page, frame]) names.attach(target);
    frame.emit('Debugger.scriptParsed', { scriptId: '1', url: '', embedderName: INNOCENT });
    const origin = originOf(page, { frames: [{ scriptId: '1', url: CULPRIT }], parentId: null });
    expect(names.scriptUrls(origin)).toEqual([CULPRIT]);
  });

  it('can be asked for after the target is gone', async () => {
    const names = scriptNamesCollector();
    const page = fakeTarget();
    names.attach(page.target);
    page.emit('Debugger.scriptParsed', { scriptId: '1', embedderName: CULPRIT });
    const origin = originOf(page, { frames: [{ scriptId: '1', url: INNOCENT }], parentId: { id: '7' } });
    names.detached?.(page.target);
    await names.resolve([origin]);
    expect(names.scriptUrls(origin)).toEqual([CULPRIT]);
  });
});
