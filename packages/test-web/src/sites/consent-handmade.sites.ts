import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byScript, cookie, truth } from '../truth-builders.ts';

const BANNER = `
  <div id="banner" role="dialog" style="position:fixed;bottom:0;left:0;right:0;padding:1rem;background:#eee">
    <p>We value your privacy. We and our partners use cookies.</p>
    <button id="accept">Accept all cookies</button> <button id="reject">Reject all</button>
  </div>
`;

function bannerScript(analytics: string, isLoadedRegardless: boolean): string {
  return `
    function loadAnalytics() {
      const tag = document.createElement('script');
      tag.src = '${analytics}';
      document.head.append(tag);
    }
    function choose(choice) {
      document.cookie = 'choice=' + choice + '; Path=/; Max-Age=15552000; SameSite=Lax';
      document.getElementById('banner').remove();
      if (choice === 'accept') loadAnalytics();
    }
    document.getElementById('accept').addEventListener('click', () => choose('accept'));
    document.getElementById('reject').addEventListener('click', () => choose('reject'));
    ${isLoadedRegardless ? 'loadAnalytics();' : ''}
  `;
}

function handmadeSite(name: string, summary: string, isLoadedRegardless: boolean): Site {
  const domain = `${name}.test`;
  const url = `https://${domain}/`;
  const analyticsUrl = `https://metrics.test/${name}/analytics.js`;
  const setter = byScript(analyticsUrl, [url]);
  const analytics = cookie({
    name: '_analytics',
    value: 'visitor-1',
    domain,
    setBy: setter,
    lifetimeSeconds: 86_400,
  });
  const chosen = (value: string): ReturnType<typeof cookie> =>
    cookie({
      name: 'choice',
      value,
      domain,
      setBy: byScript(url),
      sameSite: 'Lax',
      lifetimeSeconds: 15_552_000,
      ratherNeeds: ['consent'],
    });
  return {
    name,
    url,
    summary,
    routes: {
      [`${domain}/`]: html(
        `<h1>Shop</h1>${BANNER}<script>${bannerScript(analyticsUrl, isLoadedRegardless)}</script>`,
      ),
      [`metrics.test/${name}/analytics.js`]: script(
        "document.cookie = '_analytics=visitor-1; Path=/; Max-Age=86400';",
      ),
    },
    truth: truth(url, {
      cookies: isLoadedRegardless ? [analytics] : [],
      afterAccept: {
        selector: '#accept',
        cookies: [
          chosen('accept'),
          isLoadedRegardless ? analytics : { ...analytics, ratherNeeds: ['consent'] },
        ],
        storage: [],
      },
      afterReject: {
        selector: '#reject',
        cookies: [chosen('reject'), ...(isLoadedRegardless ? [analytics] : [])],
        storage: [],
      },
    }),
  };
}

/** Banners that no list of consent managers knows: one that keeps its word, one that does not. */
export const consentHandmade: readonly Site[] = [
  handmadeSite('consent-handmade', 'A hand-made banner; analytics starts only after agreement', false),
  handmadeSite(
    'consent-ignored',
    'A hand-made banner; analytics starts at once and a rejection changes nothing',
    true,
  ),
];
