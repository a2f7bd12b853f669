import { inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://late-frames.test/';
const domain = 'late-frames.test';

// The timers stand far apart, so that nothing but the browser's own drawing connects them.
const PAGE_SCRIPT = `
  const box = document.createElement('div');
  box.style.cssText = 'display:none';
  box.textContent = 'late';
  document.body.append(box);
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) document.cookie = 'seen_after_9s=1; Path=/';
  }).observe(box);
  setTimeout(() => { box.style.display = 'block'; }, 9000);
  const heading = document.querySelector('h1');
  heading.style.transition = 'color 1s';
  setTimeout(() => { heading.style.color = 'red'; }, 12000);
  heading.addEventListener('transitionend', () => { document.cookie = 'moved=1; Path=/'; });
  heading.animate([{ opacity: 0 }, { opacity: 1 }], 1500).onfinish =
    () => { document.cookie = 'faded_in=1; Path=/'; };
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => {
    document.cookie = 'drawn_after_29s=1; Path=/';
  })), 29000);
`;

/** Code that waits for the browser to draw, which a clock that leaps does not make it do. */
export const lateFrames: Site = {
  name: 'late-frames',
  url: PAGE,
  summary: 'An observer of what is visible, a transition, an animation and animation frames set cookies late',
  routes: { 'late-frames.test/': inlineScript(PAGE_SCRIPT) },
  truth: truth(PAGE, {
    cookies: ['seen_after_9s', 'moved', 'faded_in', 'drawn_after_29s'].map((name) =>
      cookie({ name, value: '1', domain, setBy: byScript(PAGE), ratherNeeds: ['late-timer'] }),
    ),
  }),
};
