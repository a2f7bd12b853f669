import { after, body, inlineScript, json, script } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const LATE = "setTimeout(() => { document.cookie = 'late=1; Path=/'; }, 25000);";

/** Pages that never come to rest, and set a cookie after 25 s of their life all the same. */
function restless(name: string, summary: string, code: string, routes: Record<string, Answer> = {}): Site {
  const domain = `${name}.test`;
  const page = `https://${domain}/`;
  return {
    name,
    url: page,
    summary,
    routes: { [`${domain}/`]: inlineScript(`${code}\n${LATE}`), ...routes },
    truth: truth(page, {
      cookies: [
        cookie({ name: 'late', value: '1', domain, setBy: byScript(page), ratherNeeds: ['late-timer'] }),
        ...Object.keys(routes)
          .filter((route) => route.endsWith('/tail'))
          .map((route) =>
            cookie({
              name: 'tail',
              value: '1',
              domain,
              setBy: byHttp(`https://${route}`),
              ratherNeeds: ['late-timer'],
            }),
          ),
      ],
    }),
  };
}

/** Asks again as soon as it is answered, so that the network is never at rest. */
const polling = restless(
  'polling',
  'A script polls without end and asks for something else after 20 s',
  `let turn = 0;
  (function poll() { fetch('/poll?' + turn++).then(() => setTimeout(poll, 100)); })();
  setTimeout(() => fetch('/tail'), 20000);`,
  {
    'polling.test/poll': after(120, body('text/plain', '')),
    'polling.test/tail': json({}, { setCookie: ['tail=1; Path=/'] }),
  },
);

/** Always has work to do, so that a clock that waits for it to have none would stand still. */
const messageLoop = restless(
  'message-loop',
  'A script posts messages to itself and draws without end',
  `const channel = new MessageChannel();
  channel.port1.onmessage = () => channel.port2.postMessage(0);
  channel.port2.postMessage(0);
  (function draw() { requestAnimationFrame(draw); })();`,
);

/** Answers that take their time, one after the other. */
const slowChain = restless(
  'slow-chain',
  'A timer asks a slow server every 400 ms for 20 s',
  'for (let i = 0; i < 50; i += 1) setTimeout(() => fetch("/slow/" + (i === 49 ? "tail" : String.fromCharCode(97 + i % 26) + i)), i * 400);',
  {
    'slow-chain.test/slow/*': after(180, body('text/plain', '')),
    'slow-chain.test/slow/tail': after(180, json({}, { setCookie: ['tail=1; Path=/'] })),
  },
);

const WORKERS_PAGE = 'https://worker-timers.test/';

/** Timers of workers, which sleep through what their page lives. */
const workerTimers: Site = {
  name: 'worker-timers',
  url: WORKERS_PAGE,
  summary: 'A dedicated and a shared worker ask for something 12 and 9 s after their start',
  routes: {
    'worker-timers.test/': inlineScript("new Worker('/dedicated.js'); new SharedWorker('/shared.js');"),
    'worker-timers.test/dedicated.js': script(
      "setTimeout(() => setTimeout(() => fetch('/api/dedicated'), 6000), 6000);",
    ),
    'worker-timers.test/shared.js': script("setTimeout(() => fetch('/api/shared'), 9000);"),
    'worker-timers.test/api/dedicated': json({}, { setCookie: ['dedicated_after_12s=1; Path=/'] }),
    'worker-timers.test/api/shared': json({}, { setCookie: ['shared_after_9s=1; Path=/'] }),
  },
  truth: truth(WORKERS_PAGE, {
    cookies: ['dedicated_after_12s', 'shared_after_9s'].map((name) =>
      cookie({
        name,
        value: '1',
        domain: 'worker-timers.test',
        setBy: byHttp(`https://worker-timers.test/api/${name.split('_')[0] ?? ''}`),
        ratherNeeds: ['late-timer', 'worker'],
      }),
    ),
  }),
};

/** Pages whose life is hard to see to its end. */
export const restlessSites: readonly Site[] = [polling, messageLoop, slowChain, workerTimers];
