import { siteAccessSchema, type LoginObservation, type SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from '../../engine-fixture.test.helper.ts';
import type { ScanEngine } from '../../scan-engine.ts';
import { page, testSite } from '../../test-site.test.helper.ts';

const SECRET = 'hunter-4711';
const BASE = 'https://login-steps.test';

/** Tells with a cookie what was typed. */
const FIELD =
  '<input id="word" aria-label="Word"><button onclick="document.cookie = `typed=${word.value}; path=/`">Go</button>';
const IN_SHADOW = `<div id="host"></div><script>
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = '<input aria-label="Word"><button>Go</button>';
  root.querySelector('button').onclick = () => {
    document.cookie = 'typed=' + root.querySelector('input').value + '; path=/';
  };
</script>`;
const FORM_ELSEWHERE =
  '<form method="get" action="https://login-steps.test/done"><input id="word" name="word"><button>Go</button></form>';

const site = testSite('login-steps', {
  '/': page('<h1>Start</h1>'),
  '/field': page(FIELD),
  '/shadow': page(IN_SHADOW),
  '/late': page(
    `<script>setTimeout(() => { document.body.innerHTML += '<b id="late">here</b>'; }, 300);</script>`,
  ),
  '/frame': page(
    '<div style="height: 300px"></div><iframe src="/field" style="margin: 20px"></iframe>' +
      '<iframe src="https://sign-in.test/form" style="margin: 40px; border: 7px solid"></iframe>',
  ),
  'sign-in.test/form': page(FORM_ELSEWHERE.replace('<form', '<form target="_top"')),
  '/done': page('<h1 id="done">Done</h1>', ['done=1; Path=/']),
  '/popup': page('<button onclick="window.open(\'https://login-steps.test/window\')">Open</button>'),
  '/window': page(FIELD),
  '/elsewhere': page('<script>location.replace("https://evil.test/field");</script>'),
  'evil.test/field': page(FIELD),
  '/mouse': page(
    `<div id="pad" style="width: 90px; height: 40px" onmouseenter="document.cookie = 'hovered=1; path=/'"
      ondblclick="document.cookie = 'twice=' + event.offsetX + '; path=/'">x</div>
     <input id="day" type="date" onchange="document.cookie = 'day=' + this.value + '; path=/'">
     <input id="upper" onkeydown="document.cookie = 'key=' + event.key + event.shiftKey + '; path=/'">`,
  ),
});

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

type Step = Readonly<Record<string, unknown>>;
const navigate = (path: string): Step => ({ type: 'navigate', url: `${BASE}${path}` });
const type = (selectors: unknown[], more: Step = {}): Step => ({
  ...{ type: 'change', value: '{{secret:WORD}}', selectors },
  ...more,
});
const press = (selectors: unknown[], more: Step = {}): Step => ({
  ...{ type: 'click', selectors, offsetX: 3, offsetY: 3 },
  ...more,
});

async function logIn(
  ...steps: Step[]
): Promise<{ login: LoginObservation | null } & Pick<SiteObservation, 'cookies'>> {
  const access = siteAccessSchema.parse({
    login: { recording: { timeout: 20_000, steps }, secrets: { WORD: SECRET } },
  });
  const { cookies, access: seen } = await scanSite(engine, site.url, { access, timeoutMs: 60_000 });
  return { cookies, login: seen?.login ?? null };
}

const SUCCEEDED = { status: 'succeeded', failedStep: null, reason: null };

describe('the steps of a login', () => {
  it.each([
    ['css', '#word'],
    ['aria', 'aria/Word'],
    ['aria with a role', 'aria/Word[role="textbox"]'],
    ['xpath', 'xpath///input[@id="word"]'],
    ['pierce', 'pierce/#word'],
  ])('find what they need by %s', async (_kind, selector) => {
    const { login, cookies } = await logIn(navigate('/field'), type([[selector]]), press(['text/Go']));
    expect(login).toEqual(SUCCEEDED);
    // The value is the secret, so it is not told; that it was typed is.
    expect(cookies).toMatchObject([{ name: 'typed', value: '[redacted]', authenticated: true }]);
  });

  it('find what is in an open shadow root', async () => {
    const { login, cookies } = await logIn(
      navigate('/shadow'),
      type([['#host', 'aria/Word']]),
      press([['#host', 'button']]),
    );
    expect([login, cookies]).toMatchObject([SUCCEEDED, [{ name: 'typed', value: '[redacted]' }]]);
  });

  it('work in frames, of the site and of another one', async () => {
    const own = await logIn(
      navigate('/frame'),
      type(['#word'], { frame: [0] }),
      press(['button'], { frame: [0] }),
    );
    expect([own.login, own.cookies]).toMatchObject([SUCCEEDED, [{ name: 'typed', value: '[redacted]' }]]);
    const other = await logIn({
      ...navigate('/frame'),
      assertedEvents: [{ type: 'navigation', url: 'https://sign-in.test/form' }],
    });
    expect(other.login).toMatchObject({ status: 'failed', failedStep: 1 });
    const typed = await logIn(
      navigate('/frame'),
      type(['#word'], { frame: [1], value: 'in the open' }),
      press(['button'], {
        frame: [1],
        assertedEvents: [{ type: 'navigation', url: 'https://login-steps.test/done' }],
      }),
    );
    expect([typed.login, typed.cookies]).toMatchObject([SUCCEEDED, [{ name: 'done', authenticated: true }]]);
    expect(web.requestLog().map(({ url }) => url)).toContain(`${BASE}/done?word=in+the+open`);
  });

  it('follow the login into a window that it opens', async () => {
    const target = `${BASE}/window`;
    const { login, cookies } = await logIn(
      navigate('/popup'),
      press(['button']),
      type(['#word'], { target }),
      press(['button'], { target }),
      { type: 'close', target },
    );
    expect([login, cookies]).toMatchObject([SUCCEEDED, [{ name: 'typed' }]]);
  });

  it('use mouse, keys and fields that nobody types in', async () => {
    const { login, cookies } = await logIn(
      navigate('/mouse'),
      { type: 'hover', selectors: ['#pad'] },
      { type: 'doubleClick', selectors: ['#pad'], offsetX: 500, offsetY: 5 },
      { type: 'change', selectors: ['#day'], value: '2026-11-27' },
      press(['#upper']),
      { type: 'keyDown', key: 'Shift' },
      { type: 'keyDown', key: 'A' },
      { type: 'keyUp', key: 'A' },
      { type: 'keyUp', key: 'Shift' },
      { type: 'scroll', x: 0, y: 100 },
    );
    expect(login).toEqual(SUCCEEDED);
    expect(Object.fromEntries(cookies.map(({ name, value }) => [name, value]))).toEqual({
      ...{ hovered: '1', twice: '89', day: '2026-11-27', key: 'Atrue' },
    });
  });

  it('wait for elements and for what an expression says', async () => {
    const { login } = await logIn(
      navigate('/late'),
      { type: 'waitForElement', selectors: ['#late'], visible: true, properties: { textContent: 'here' } },
      { type: 'waitForElement', selectors: ['i'], count: 0 },
      {
        type: 'waitForExpression',
        expression: 'new Promise((done) => setTimeout(done, 10, document.all.late))',
      },
    );
    expect(login).toEqual(SUCCEEDED);
  });
});

describe('a step that does not succeed', () => {
  const timeout = 1_500;
  it.each<[string, Step[], number, string]>([
    [
      'finds nothing',
      [navigate('/field'), press(['#gone', 'aria/Gone'], { timeout })],
      2,
      'click: there is no element #gone (or 1 other ways to it) that could be used',
    ],
    [
      'waits in vain',
      [navigate('/field'), { type: 'waitForElement', selectors: ['#gone'], timeout }],
      2,
      'waitForElement: there are 0 elements #gone and not == 1',
    ],
    [
      'hopes in vain',
      [navigate('/field'), { type: 'waitForExpression', expression: '1 > 2', timeout }],
      2,
      'waitForExpression: what the expression says did not come true',
    ],
    ['has a strange key', [{ type: 'keyDown', key: 'Any' }], 1, 'keyDown: no keyboard has the key Any'],
    [
      'is in no frame',
      [navigate('/field'), type(['#word'], { frame: [3], timeout })],
      2,
      'change: the page has no frame at position 3',
    ],
    [
      'is in no window',
      [press(['a'], { target: `${BASE}/never`, timeout })],
      1,
      'click: the window of login-steps.test/never did not open',
    ],
    [
      'is refused by the server',
      [{ type: 'navigate', url: 'https://127.0.0.1/' }],
      1,
      'navigate: 127.0.0.1 could not be opened: net::ERR_SOCKS_CONNECTION_FAILED',
    ],
    [
      'would type a secret where the recording does not lead',
      [navigate('/elsewhere'), type(['#word'])],
      2,
      'change: a secret would be typed on evil.test/field, where the recording does not lead',
    ],
  ])('says so when it %s', async (_what, steps, failedStep, reason) => {
    const { login } = await logIn(...steps);
    expect(login).toEqual({ status: 'failed', failedStep, reason });
  });
});
