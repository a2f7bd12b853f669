import { inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://popup.test/';
const OTHER = 'https://popup-ads.test/window?c=1';
const OWN = 'https://popup.test/chat';
const ratherNeeds = ['popup'] as const;

/** Windows that a page opens by itself. */
export const popup: Site = {
  name: 'popup',
  url: PAGE,
  summary: 'The page opens two windows on load, one of another site; both set cookies',
  routes: {
    'popup.test/': inlineScript(
      `window.open('${OTHER}', '_blank', 'width=200,height=200'); window.open('/chat');`,
    ),
    'popup.test/chat': inlineScript("document.cookie = 'chat_js=2; Path=/';", {
      setCookie: ['chat_http=1; Path=/'],
    }),
    'popup-ads.test/window': inlineScript("document.cookie = 'ad_js=4; Path=/';", {
      setCookie: ['ad_http=3; Path=/; HttpOnly; SameSite=Lax'],
    }),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'chat_http', value: '1', domain: 'popup.test', setBy: byHttp(OWN), ratherNeeds }),
      cookie({ name: 'chat_js', value: '2', domain: 'popup.test', setBy: byScript(OWN), ratherNeeds }),
      cookie({
        name: 'ad_http',
        value: '3',
        domain: 'popup-ads.test',
        setBy: byHttp(OTHER),
        httpOnly: true,
        sameSite: 'Lax',
        party: 'third',
        ratherNeeds,
      }),
      cookie({
        name: 'ad_js',
        value: '4',
        domain: 'popup-ads.test',
        setBy: byScript(OTHER),
        party: 'third',
        ratherNeeds,
      }),
    ],
  }),
};
