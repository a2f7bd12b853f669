import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://www.same-name.test/account/home';
const domain = 'www.same-name.test';

/** One name, seven cookies. */
export const sameName: Site = {
  name: 'same-name',
  url: PAGE,
  summary: 'Cookies share one name but differ in path, in host-only against Domain, and in domain',
  routes: {
    'www.same-name.test/account/home': html(
      "<h1>Same name</h1><script>document.cookie = 'id=js-default-path'; " +
        "document.cookie = 'id=js-deep; Path=/account/home';</script>",
      {
        setCookie: [
          'id=root; Path=/',
          'id=other-path; Path=/shop',
          'id=wide; Path=/; Domain=www.same-name.test',
          'id=parent; Path=/; Domain=same-name.test',
          'id=parent-account; Path=/account; Domain=.same-name.test; HttpOnly',
        ],
      },
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'id', value: 'root', domain, setBy: byHttp(PAGE) }),
      cookie({ name: 'id', value: 'other-path', domain, path: '/shop', setBy: byHttp(PAGE) }),
      cookie({ name: 'id', value: 'wide', domain: '.www.same-name.test', setBy: byHttp(PAGE) }),
      cookie({ name: 'id', value: 'parent', domain: '.same-name.test', setBy: byHttp(PAGE) }),
      cookie({
        name: 'id',
        value: 'parent-account',
        domain: '.same-name.test',
        path: '/account',
        setBy: byHttp(PAGE),
        httpOnly: true,
      }),
      cookie({ name: 'id', value: 'js-default-path', domain, path: '/account', setBy: byScript(PAGE) }),
      cookie({ name: 'id', value: 'js-deep', domain, path: '/account/home', setBy: byScript(PAGE) }),
    ],
  }),
};
