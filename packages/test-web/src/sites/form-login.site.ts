import { html, pixel, redirect, script } from '../answers.ts';
import { readForm } from '../read-form.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, byScript, cookie, outcome, thirdPartyCookie, truth } from '../truth-builders.ts';

const DOMAIN = 'form-login.test';
const ACCOUNT = `https://${DOMAIN}/account`;
const LOGIN = `https://${DOMAIN}/login`;
const SESSION = `https://${DOMAIN}/session`;
const EMAIL = 'ann@form-login.test';
const PASSWORD = 'hunter-4711 "&<\'/=';

const FORM =
  '<h1>Members</h1><form method="post" action="/session">' +
  '<label>E-mail <input id="email" name="email" type="email" value="guest@form-login.test"></label>' +
  '<label>Password <input id="password" name="password" type="password"></label>' +
  '<label>Language <select id="language" name="language"><option>en<option>de</select></label>' +
  '<button>Log in</button></form>';

const account: Answer = (exchange) => {
  if (exchange.request.headers.cookie?.includes('sid=') !== true) return redirect('/login')(exchange);
  return html('<h1>Your account</h1><script src="/member.js"></script>')(exchange);
};

/** Who gives the wrong password sees the form again, as on most sites. */
const session: Answer = async (exchange) => {
  const form = await readForm(exchange.request);
  const isRight = form.get('email') === EMAIL && form.get('password') === PASSWORD;
  if (!isRight) return void (await redirect('/login?again', { status: 303 })(exchange));
  const setCookie = ['sid=member-1; HttpOnly; SameSite=Lax', `language=${form.get('language') ?? ''}`];
  return void (await redirect('/account', { status: 303, setCookie })(exchange));
};

const csrf = cookie({ name: 'csrf', value: 'c-1', domain: DOMAIN, setBy: byHttp(LOGIN) });

/** A shop whose account page is for members, who log in with a form. */
export const formLogin: Site = {
  name: 'form-login',
  url: ACCOUNT,
  summary: 'A page for members behind a login form, with trackers that only members meet',
  routes: {
    [`${DOMAIN}/account`]: account,
    [`${DOMAIN}/login`]: html(FORM, { setCookie: ['csrf=c-1'] }),
    [`${DOMAIN}/session`]: session,
    [`${DOMAIN}/member.js`]: script(
      "document.cookie = 'member_tracker=1; path=/'; new Image().src = 'https://tracker.test/form-login/member.gif';",
    ),
    'tracker.test/form-login/member.gif': pixel(['member_ad=1; Path=/; SameSite=None; Secure']),
  },
  truth: truth(LOGIN, { outcome: outcome(['success'], [LOGIN], [200]), cookies: [csrf] }),
  inside: {
    access: {
      login: {
        recording: {
          title: 'Log in',
          steps: [
            { type: 'setViewport', width: 1_100, height: 800, deviceScaleFactor: 1, isMobile: false },
            {
              type: 'navigate',
              url: LOGIN,
              assertedEvents: [{ type: 'navigation', url: LOGIN, title: 'Test page' }],
            },
            { type: 'change', value: EMAIL, selectors: [['aria/E-mail'], ['#email']], target: 'main' },
            { type: 'keyDown', key: 'Tab', target: 'main' },
            { type: 'keyUp', key: 'Tab', target: 'main' },
            {
              type: 'change',
              value: '{{secret:PASSWORD}}',
              selectors: ['#gone-since', 'xpath///*[@id="password"]'],
              target: 'main',
            },
            { type: 'change', value: 'de', selectors: ['pierce/#language'], target: 'main' },
            {
              type: 'click',
              selectors: ['text/Log in'],
              offsetX: 12,
              offsetY: 8,
              target: 'main',
              assertedEvents: [{ type: 'navigation', url: ACCOUNT, title: '' }],
            },
            { type: 'waitForElement', selectors: ['h1'], visible: true },
          ],
        },
        secrets: { PASSWORD },
      },
    },
    secrets: [PASSWORD],
    behindLogin: ['sid', 'language', 'member_tracker', 'member_ad'],
    truth: truth(ACCOUNT, {
      cookies: [
        csrf,
        cookie({
          name: 'sid',
          value: 'member-1',
          domain: DOMAIN,
          httpOnly: true,
          sameSite: 'Lax',
          setBy: byHttp(SESSION),
        }),
        cookie({ name: 'language', value: 'de', domain: DOMAIN, setBy: byHttp(SESSION) }),
        cookie({
          name: 'member_tracker',
          value: '1',
          domain: DOMAIN,
          setBy: byScript(`https://${DOMAIN}/member.js`, [ACCOUNT]),
        }),
        thirdPartyCookie({
          name: 'member_ad',
          value: '1',
          domain: 'tracker.test',
          setBy: byHttp('https://tracker.test/form-login/member.gif', [`https://${DOMAIN}/member.js`]),
        }),
      ],
    }),
  },
};
