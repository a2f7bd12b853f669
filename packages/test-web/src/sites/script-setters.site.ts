import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byScript, cookie, DAY_SECONDS, truth } from '../truth-builders.ts';

const PAGE = 'https://script-setters.test/';
const EXTERNAL = 'https://cdn.test/script-setters/external.js';
const MANAGER = 'https://cdn.test/script-setters/gtm.js?id=GTM-TEST';
const TAG = 'https://tags.test/script-setters/analytics.js';
const domain = 'script-setters.test';

const INLINE_SCRIPT = `
  document.cookie = 'ordinary=1; Path=/';

  const saved = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set;
  saved.call(document, 'via_saved_setter=2; Path=/; SameSite=Lax');

  const frame = document.createElement('iframe');
  document.body.append(frame);
  const foreign = Object.getOwnPropertyDescriptor(frame.contentWindow.Document.prototype, 'cookie').set;
  foreign.call(document, 'via_frame_setter=3; Path=/');
  frame.remove();

  Reflect.set(document, 'cookie', 'via_reflect=4; Path=/');
`;

/** The ways in which scripts reach `document.cookie`, each to be attributed to the script that did it. */
export const scriptSetters: Site = {
  name: 'script-setters',
  url: PAGE,
  summary:
    'Scripts set cookies by the ordinary setter, by saved setters, from a CDN and through a tag manager',
  routes: {
    'script-setters.test/': html(
      `<h1>Setters</h1><script>${INLINE_SCRIPT}</script><script src="${EXTERNAL}"></script>` +
        `<script async src="${MANAGER}"></script>`,
    ),
    'cdn.test/script-setters/external.js': script(
      "document.cookie = 'from_cdn=5; Path=/; Max-Age=604800; Secure; SameSite=Strict';",
    ),
    'cdn.test/script-setters/gtm.js': script(
      `const tag = document.createElement('script'); tag.src = '${TAG}'; document.head.append(tag);`,
    ),
    'tags.test/script-setters/analytics.js': script(
      "document.cookie = '_ga=GA1.1.1234567890.1700000000; Path=/; Domain=script-setters.test; Max-Age=63072000';",
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'ordinary', value: '1', domain, setBy: byScript(PAGE) }),
      cookie({ name: 'via_saved_setter', value: '2', domain, setBy: byScript(PAGE), sameSite: 'Lax' }),
      cookie({ name: 'via_frame_setter', value: '3', domain, setBy: byScript(PAGE) }),
      cookie({ name: 'via_reflect', value: '4', domain, setBy: byScript(PAGE) }),
      cookie({
        name: 'from_cdn',
        value: '5',
        domain,
        setBy: byScript(EXTERNAL, [PAGE]),
        secure: true,
        sameSite: 'Strict',
        lifetimeSeconds: 7 * DAY_SECONDS,
      }),
      cookie({
        name: '_ga',
        value: 'GA1.1.1234567890.1700000000',
        domain: '.script-setters.test',
        setBy: byScript(TAG, [MANAGER]),
        lifetimeSeconds: 400 * DAY_SECONDS,
        declaredLifetimeSeconds: 730 * DAY_SECONDS,
      }),
    ],
  }),
};
