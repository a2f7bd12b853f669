import { html, inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import type { CookieTruth, OutcomeTruth, RatherNeeds } from '../truth.ts';
import { byHttp, byScript, cookie, outcome, truth } from '../truth-builders.ts';

interface PageFields {
  readonly name: string;
  readonly summary: string;
  readonly code: string;
  /** Names of cookies that `code` sets to 1, and what else they need. */
  readonly scriptCookies: Readonly<Record<string, readonly RatherNeeds[]>>;
  readonly statuses: OutcomeTruth['statuses'];
}

function pageSite({ name, summary, code, scriptCookies, statuses }: PageFields): Site {
  const domain = `${name}.test`;
  const url = `https://${domain}/`;
  const cookies = Object.entries(scriptCookies).map(([cookieName, needs]) =>
    cookie({
      name: cookieName,
      value: '1',
      domain,
      setBy: byScript(url),
      ratherNeeds: ['robustness', ...needs],
    }),
  );
  return {
    name,
    url,
    summary,
    routes: { [`${domain}/`]: inlineScript(code, { setCookie: ['seen=1; Path=/; HttpOnly'] }) },
    truth: truth(url, {
      outcome: outcome(statuses, [url], [200]),
      cookies: [
        cookie({
          name: 'seen',
          value: '1',
          domain,
          setBy: byHttp(url),
          httpOnly: true,
          ratherNeeds: ['robustness'],
        }),
        ...cookies,
      ],
    }),
  };
}

const MANY = 150;

const manyCookies: readonly CookieTruth[] = Array.from({ length: MANY }, (_, index) =>
  cookie({
    name: `many_${index}`,
    value: String(index),
    domain: 'many-cookies.test',
    setBy: byScript('https://many-cookies.test/'),
  }),
);

/** Pages that hold a browser up. */
export const robustPage: readonly Site[] = [
  pageSite({
    name: 'endless-loop',
    summary: 'A script sets a cookie and then never returns',
    code: "document.cookie = 'before_loop=1; Path=/'; while (true) {}",
    scriptCookies: { before_loop: [] },
    statuses: ['partial', 'failed'],
  }),
  pageSite({
    name: 'dialogs',
    summary:
      'The page opens alert, confirm, prompt and print dialogs, wants to keep its visitor, and then sets a cookie',
    code: `
      addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'stay'; });
      alert('one'); confirm('two'); prompt('three'); print();
      document.cookie = 'after_dialogs=1; Path=/';
    `,
    scriptCookies: { after_dialogs: [] },
    statuses: ['success'],
  }),
  pageSite({
    name: 'memory-hog',
    summary: 'A script sets a cookie and then takes a gigabyte of memory',
    code: `
      document.cookie = 'before_hog=1; Path=/';
      window.hog = [];
      for (let n = 0; n < 16; n += 1) hog.push(new Uint8Array(64 * 1024 * 1024).fill(n + 1));
    `,
    scriptCookies: { before_hog: [] },
    statuses: ['success', 'partial', 'failed'],
  }),
  pageSite({
    name: 'reload-loop',
    summary: 'The page reloads itself without end',
    code: "document.cookie = 'reloading=1; Path=/'; addEventListener('load', () => location.reload());",
    scriptCookies: { reloading: [] },
    statuses: ['success', 'partial', 'failed'],
  }),
  {
    name: 'many-cookies',
    url: 'https://many-cookies.test/',
    summary: `A script sets ${MANY} cookies, close to as many as a browser keeps for one site`,
    routes: {
      'many-cookies.test/': html(
        `<script>for (let n = 0; n < ${MANY}; n += 1) document.cookie = 'many_' + n + '=' + n + '; Path=/';</script>`,
      ),
    },
    truth: truth('https://many-cookies.test/', { cookies: manyCookies }),
  },
];
