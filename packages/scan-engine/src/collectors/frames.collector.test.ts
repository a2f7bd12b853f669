import { describe, expect, it } from '@jest/globals';
import { fakeTarget, settled } from '../fake-target.test.helper.ts';
import { framesCollector } from './frames.collector.ts';

const frame = (id: string, parentId?: string, url?: string): object => ({
  frame: { id, ...(parentId === undefined ? {} : { parentId }), url: url ?? '' },
});

describe('frames', () => {
  it('are known by what they show now', () => {
    const frames = framesCollector();
    const page = fakeTarget();
    frames.attach(page.target);
    page.emit('Page.frameNavigated', frame('main', undefined, 'https://shop.test/'));
    page.emit('Page.frameNavigated', frame('main', undefined, 'https://shop.test/two'));
    expect(frames.urlOf('main')).toBe('https://shop.test/two');
    page.emit('Page.navigatedWithinDocument', { frameId: 'main', url: 'https://shop.test/two#cart' });
    expect(frames.urlOf('main')).toBe('https://shop.test/two#cart');
    expect(frames.urlOf('never heard of')).toBeNull();
  });

  it('are about:blank until they navigate, and know the documents around them, in whatever process', () => {
    const frames = framesCollector();
    const page = fakeTarget();
    const outOfProcess = fakeTarget({ type: 'iframe', url: 'https://ads.test/' });
    frames.attach(page.target);
    frames.attach(outOfProcess.target);
    page.emit('Page.frameNavigated', frame('main', undefined, 'https://shop.test/'));
    page.emit('Page.frameAttached', { frameId: 'ad', parentFrameId: 'main' });
    expect(frames.urlOf('ad')).toBe('about:blank');
    outOfProcess.emit('Page.frameNavigated', frame('ad', 'main', 'https://ads.test/'));
    outOfProcess.emit('Page.frameAttached', { frameId: 'inner', parentFrameId: 'ad' });
    expect(frames.ancestorsOf('inner')).toEqual(['https://ads.test/', 'https://shop.test/']);
    expect(frames.ancestorsOf('main')).toEqual([]);
  });

  it('that were there before anybody listened are learnt from the frame tree', async () => {
    const frames = framesCollector();
    const page = fakeTarget({
      answers: {
        'Page.getFrameTree': () => ({
          frameTree: {
            ...frame('main', undefined, 'https://shop.test/'),
            childFrames: [{ ...frame('child', 'main', 'https://shop.test/frame') }],
          },
        }),
      },
    });
    frames.attach(page.target);
    await settled();
    expect(frames.urlOf('child')).toBe('https://shop.test/frame');
    expect(frames.ancestorsOf('child')).toEqual(['https://shop.test/']);
  });

  it('of a target that is gone before it answers are no reason to fail', async () => {
    const frames = framesCollector();
    const page = fakeTarget({
      answers: {
        'Page.getFrameTree': () => {
          throw new Error('Target closed');
        },
      },
    });
    frames.attach(page.target);
    await settled();
    expect(frames.urlOf('main')).toBeNull();
  });

  it('that claim to be their own parents do not hang anybody', () => {
    const frames = framesCollector();
    const page = fakeTarget();
    frames.attach(page.target);
    page.emit('Page.frameNavigated', frame('a', 'b', 'https://a.test/'));
    page.emit('Page.frameNavigated', frame('b', 'a', 'https://b.test/'));
    expect(frames.ancestorsOf('a').length).toBeLessThanOrEqual(50);
  });

  it('own the execution contexts of their session only', () => {
    const frames = framesCollector();
    const [one, other] = [fakeTarget(), fakeTarget()];
    for (const { target } of [one, other]) frames.attach(target);
    one.emit('Runtime.executionContextCreated', { context: { id: 1, auxData: { frameId: 'main' } } });
    other.emit('Runtime.executionContextCreated', { context: { id: 1 } });
    expect(frames.frameOfContext(one.target.session.id(), 1)).toBe('main');
    expect(frames.frameOfContext(other.target.session.id(), 1)).toBeNull();
    expect(frames.withSessions()).toEqual([{ frameId: 'main', session: one.target.session }]);
  });
});
