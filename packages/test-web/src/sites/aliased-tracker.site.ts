import { html, pixel, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, DAY_SECONDS, truth } from '../truth-builders.ts';

const PAGE = 'https://aliased-tracker.test/';
const TAG = 'https://metrics.aliased-tracker.test/tag.js';
const VISITOR_ID = '5f0c7be2a1d94e6b8c3f7a90d1e2b4c6';

/** A tracker that hides behind a name of the site itself, which is an alias of its own. */
export const aliasedTracker: Site = {
  name: 'aliased-tracker',
  url: PAGE,
  summary: 'A tracker under a host name of the site, which is an alias (CNAME) of a host of the tracker',
  aliases: {
    'metrics.aliased-tracker.test': 'edge.aliased-tracker.customers.test',
    'edge.aliased-tracker.customers.test': 'x.tracker.test',
  },
  routes: {
    'aliased-tracker.test/': html(`<h1>Shop</h1><script src="${TAG}"></script>`),
    'metrics.aliased-tracker.test/tag.js': script(
      "document.cookie = 'mtag=1; Domain=aliased-tracker.test'; new Image().src = 'https://metrics.aliased-tracker.test/hit.gif';",
    ),
    'metrics.aliased-tracker.test/hit.gif': pixel([
      `mid=${VISITOR_ID}; Domain=aliased-tracker.test; Path=/; Max-Age=${365 * DAY_SECONDS}`,
    ]),
  },
  truth: truth(PAGE, {
    aliasedHosts: [
      {
        host: 'metrics.aliased-tracker.test',
        party: 'first',
        cnames: ['edge.aliased-tracker.customers.test', 'x.tracker.test'],
      },
    ],
    cookies: [
      cookie({ name: 'mtag', value: '1', domain: '.aliased-tracker.test', setBy: byScript(TAG, [PAGE]) }),
      cookie({
        name: 'mid',
        value: VISITOR_ID,
        domain: '.aliased-tracker.test',
        setBy: byHttp('https://metrics.aliased-tracker.test/hit.gif', [TAG]),
        lifetimeSeconds: 365 * DAY_SECONDS,
      }),
    ],
  }),
};
