import { html, pixel } from '../answers.ts';
import type { Site } from '../site.ts';
import { blocked, byHttp, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://rejected.test/';
const PIXEL = 'https://tracker.test/rejected/pixel.gif';

/** Cookies that Chromium refuses on https. */
export const rejected: Site = {
  name: 'rejected',
  url: PAGE,
  summary:
    'A response and a third-party pixel set cookies that the browser refuses, beside one that it takes',
  routes: {
    'rejected.test/': html(`<h1>Rejected</h1><img src="${PIXEL}" alt="">`, {
      setCookie: [
        'taken=1; Path=/',
        '__Host-wide=1; Path=/; Secure; Domain=rejected.test',
        '__Secure-bare=1; Path=/',
        'foreign=1; Path=/; Domain=other.test',
        'suffix=1; Path=/; Domain=test',
        `huge=${'x'.repeat(5_000)}; Path=/`,
        'none_insecure=1; Path=/; SameSite=None',
        'part_insecure=1; Path=/; Partitioned',
      ],
    }),
    'tracker.test/rejected/pixel.gif': pixel([
      'third_lax=1; Path=/; Secure; SameSite=Lax',
      'third_strict=1; Path=/; Secure; SameSite=Strict',
      'third_unset=1; Path=/; Secure',
    ]),
  },
  truth: truth(PAGE, {
    cookies: [cookie({ name: 'taken', value: '1', domain: 'rejected.test', setBy: byHttp(PAGE) })],
    blockedCookies: [
      blocked('__Host-wide', PAGE, 'InvalidPrefix'),
      blocked('__Secure-bare', PAGE, 'InvalidPrefix'),
      blocked('foreign', PAGE, 'InvalidDomain'),
      blocked('suffix', PAGE, 'InvalidDomain'),
      blocked('huge', PAGE, 'NameValuePairExceedsMaxSize'),
      blocked('none_insecure', PAGE, 'SameSiteNoneInsecure'),
      // Chromium 156 drops this one without telling DevTools.
      { name: 'part_insecure', url: PAGE, reasons: ['UnknownError'], announced: false },
      blocked('third_lax', PIXEL, 'SameSiteLax', 'SchemefulSameSiteLax'),
      blocked('third_strict', PIXEL, 'SameSiteStrict', 'SchemefulSameSiteStrict'),
      blocked(
        'third_unset',
        PIXEL,
        'SameSiteUnspecifiedTreatedAsLax',
        'SchemefulSameSiteUnspecifiedTreatedAsLax',
      ),
    ],
  }),
};

const HTTP_PAGE = 'http://rejected-http.test/';

/** Cookies that Chromium refuses because the page is not encrypted. */
export const rejectedHttp: Site = {
  name: 'rejected-http',
  url: HTTP_PAGE,
  summary: 'A page over plain http sets cookies that need https, beside one that does not',
  routes: {
    'http://rejected-http.test/': html('<h1>Rejected</h1>', {
      setCookie: [
        'taken=1; Path=/; HttpOnly',
        'secure_on_http=1; Path=/; Secure',
        'none_on_http=1; Path=/; SameSite=None',
        '__Host-on_http=1; Path=/; Secure',
      ],
    }),
  },
  truth: truth(HTTP_PAGE, {
    cookies: [
      cookie({
        name: 'taken',
        value: '1',
        domain: 'rejected-http.test',
        setBy: byHttp(HTTP_PAGE),
        httpOnly: true,
      }),
    ],
    blockedCookies: [
      blocked('secure_on_http', HTTP_PAGE, 'SecureOnly'),
      blocked('none_on_http', HTTP_PAGE, 'SameSiteNoneInsecure'),
      blocked('__Host-on_http', HTTP_PAGE, 'InvalidPrefix'),
    ],
  }),
};
