import { describe, expect, it } from '@jest/globals';
import { loginRecordingSchema } from './login-recording.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

/** As the Recorder of Chrome 140 writes it. */
const EXPORTED = {
  title: 'Recording 11/20/2026 at 10:00:00 AM',
  steps: [
    {
      type: 'setViewport',
      width: 1_100,
      height: 800,
      deviceScaleFactor: 1,
      isMobile: false,
      hasTouch: false,
      isLandscape: false,
    },
    {
      type: 'navigate',
      url: 'https://shop.test/login',
      assertedEvents: [{ type: 'navigation', url: 'https://shop.test/login', title: 'Log in' }],
    },
    {
      type: 'change',
      value: '{{secret:PASSWORD}}',
      selectors: [['aria/Password'], ['#password'], 'xpath///*[@id="password"]'],
      target: 'main',
    },
    {
      type: 'click',
      target: 'main',
      selectors: [['#host', 'button'], ['pierce/button']],
      offsetY: 12,
      offsetX: 30.5,
      assertedEvents: [{ type: 'navigation', url: 'https://shop.test/account', title: '' }],
    },
    { type: 'keyUp', key: 'Enter', target: 'main' },
    { type: 'waitForElement', selectors: ['.account'], frame: [0, 1] },
  ],
};

describe('a recording of the DevTools Recorder', () => {
  it('is taken as it is exported, with every selector as a way from the outside inwards', () => {
    const { steps, timeout } = loginRecordingSchema.parse(EXPORTED);
    expect(steps.map(({ type }) => type)).toEqual(EXPORTED.steps.map(({ type }) => type));
    expect(timeout).toBe(5_000);
    expect(steps[2]).toMatchObject({
      selectors: [['aria/Password'], ['#password'], ['xpath///*[@id="password"]']],
      frame: [],
    });
    expect(steps[3]).toMatchObject({
      selectors: [['#host', 'button'], ['pierce/button']],
      button: 'primary',
    });
  });

  it('is refused with a step that cannot be replayed, which is named', () => {
    const steps = [...EXPORTED.steps, { type: 'customStep', name: 'pay', parameters: {} }];
    expect(problemsOf(loginRecordingSchema, { steps })).toEqual([
      'steps.6.type: is a step of type "customStep", which cannot be replayed; record the login without it',
    ]);
  });

  it.each([
    ['nothing', []],
    ['a step without a type', [{ url: 'https://shop.test/' }]],
    ['no object', ['click']],
    ['an address of another scheme', [{ type: 'navigate', url: 'file:///etc/passwd' }]],
    ['an element without a selector', [{ type: 'hover', selectors: [] }]],
    ['a click at no place', [{ type: 'click', selectors: ['a'] }]],
    ['an endless wait', [{ type: 'close', timeout: 1e9 }]],
    ['an unknown event', [{ type: 'close', assertedEvents: [{ type: 'download' }] }]],
    ['201 steps', Array.from({ length: 201 }, () => ({ type: 'close' }))],
  ])('is refused with %s', (_what, steps) => {
    expect(accepts(loginRecordingSchema, { steps })).toBe(false);
  });
});
