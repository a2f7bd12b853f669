import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import type { CookieTruth } from '../truth.ts';
import { byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://indirect-code.test/';
const MODULE = 'https://indirect-code.test/module.js';
const IMPORTED = 'https://cdn.test/indirect-code/imported.js';
const EVALUATOR = 'https://cdn.test/indirect-code/evaluator.js';

function ofPage(name: string, setter: string): CookieTruth {
  return cookie({ name, value: '1', domain: 'indirect-code.test', setBy: byScript(setter) });
}

/** Code that runs in other ways than as a plain script. */
export const indirectCode: Site = {
  name: 'indirect-code',
  url: PAGE,
  summary:
    'Cookies are set by eval, new Function, an event handler attribute, a promise, a module and a dynamic import',
  routes: {
    'indirect-code.test/': html(
      `<h1>Indirect</h1><script src="${EVALUATOR}"></script>
       <img src="data:," alt="" onerror="document.cookie = 'by_attribute=1; Path=/'">
       <script>Promise.resolve().then(() => { document.cookie = 'by_promise=1; Path=/'; });</script>
       <script type="module" src="/module.js"></script>`,
    ),
    'indirect-code.test/module.js': script(`document.cookie = 'by_module=1; Path=/'; import('${IMPORTED}');`),
    'cdn.test/indirect-code/imported.js': script("document.cookie = 'by_import=1; Path=/'; export {};", {
      headers: { 'access-control-allow-origin': '*' },
    }),
    'cdn.test/indirect-code/evaluator.js': script(
      `eval("document.cookie = 'by_eval=1; Path=/'"); new Function("document.cookie = 'by_function=1; Path=/'")();`,
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      ofPage('by_eval', EVALUATOR),
      ofPage('by_function', EVALUATOR),
      ofPage('by_attribute', PAGE),
      ofPage('by_promise', PAGE),
      ofPage('by_module', MODULE),
      ofPage('by_import', IMPORTED),
    ],
  }),
};

const DISGUISED_PAGE = 'https://disguised-code.test/';
const CULPRIT = 'https://cdn.test/disguised-code/culprit.js';

/** Code that hides where it comes from; the truth names who brought it in. */
export const disguisedCode: Site = {
  name: 'disguised-code',
  url: DISGUISED_PAGE,
  summary: 'A script sets cookies from a string timer and under the name of an innocent script',
  routes: {
    'disguised-code.test/': html(`<h1>Disguised</h1><script src="${CULPRIT}"></script>`),
    'cdn.test/disguised-code/culprit.js': script(
      `setTimeout("document.cookie = 'by_string_timer=1; Path=/'", 50);
       eval("document.cookie = 'under_false_name=1; Path=/'; //# sourceURL=https://innocent.test/app.js");`,
    ),
  },
  truth: truth(DISGUISED_PAGE, {
    cookies: ['by_string_timer', 'under_false_name'].map((name) =>
      cookie({ name, value: '1', domain: 'disguised-code.test', setBy: byScript(CULPRIT) }),
    ),
  }),
};
