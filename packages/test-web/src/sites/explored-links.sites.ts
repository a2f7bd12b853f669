import { after, body, html, inlineScript, redirect } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, cookie, truth } from '../truth-builders.ts';

const FOUR = 'https://four-pages.test';
const KINDS = 'https://link-kinds.test';
const OFF = 'https://leads-off.test';
const TROUBLED = 'https://troubled-pages.test';

/** Sites whose pages lead on in every way that pages have. */
export const exploredLinks: readonly Site[] = [
  {
    name: 'four-pages',
    url: `${FOUR}/`,
    summary: 'Four pages, each linked from the one before; some cookies are set on one of them only',
    routes: {
      'four-pages.test/': html('<a href="/two">Two</a>', { setCookie: ['visit=home; Path=/'] }),
      'four-pages.test/two': html('<a href="/three">Three</a>', {
        setCookie: ['only_on_two=2; Path=/', 'visit=two; Path=/'],
      }),
      'four-pages.test/three': html('<a href="/four">Four</a>'),
      'four-pages.test/four': inlineScript('if (!document.cookie) document.cookie = "arrived=here; Path=/";'),
    },
    truth: truth(`${FOUR}/`, {
      cookies: [
        cookie({ name: 'visit', value: 'home', domain: 'four-pages.test', setBy: byHttp(`${FOUR}/`) }),
      ],
    }),
    exploration: {
      mode: 'standard',
      pages: {
        [`${FOUR}/`]: 'success',
        [`${FOUR}/two`]: 'success',
        [`${FOUR}/three`]: 'success',
        [`${FOUR}/four`]: 'success',
      },
      skippedPages: [],
      cookies: { visit: [`${FOUR}/`, `${FOUR}/two`], only_on_two: [`${FOUR}/two`] },
    },
  },
  {
    name: 'link-kinds',
    url: `${KINDS}/`,
    summary:
      'Links by base address, map, frame, shadow root and history API; others to files, other sites and the end of the session',
    routes: {
      'link-kinds.test/': html(
        `<a href="based">Based</a><a href="based#chapter">The same</a><a href="based?utm_source=mail">The same</a>
         <a href="/shop/logout">Bye</a><a href="/session/end">Log out</a><a href="/terms.pdf">Terms</a>
         <a href="/brochure" download>Brochure</a><a href="mailto:a@link-kinds.test">Mail</a>
         <a href="javascript:void 0">Nothing</a><a href="https://elsewhere.link-kinds-partner.test/">Partner</a>
         <a href="https://www.link-kinds.test/nofollow" rel="nofollow">Other host</a>
         <map name="m"><area href="/mapped" shape="default"></map><img usemap="#m" alt="" src="data:,">
         <iframe src="/frame"></iframe><iframe srcdoc='<a href="/from-srcdoc">From srcdoc</a>'></iframe>
         <iframe src="https://link-kinds-partner.test/frame"></iframe>
         <svg width="9" height="9"><a href="/drawn"><circle r="9"></circle></a></svg>
         <div id="host"></div>
         <form name="querySelectorAll"><input name="links"></form>
         <script>
           host.attachShadow({ mode: 'open' }).innerHTML = '<a href="/shadowed">Shadowed</a>';
           history.pushState(null, '', '/app/route'); history.replaceState(null, '', '/');
         </script>`,
        { head: '<base href="https://link-kinds.test/base/">' },
      ),
      'link-kinds.test/frame': html('<a href="/from-frame">From a frame</a>'),
      'link-kinds-partner.test/frame': html(
        '<a href="https://link-kinds.test/from-partner">From a partner</a>',
      ),
      'link-kinds.test/base/based': html('<a href="/">Home</a><a href="/index.html">Home</a>'),
      'link-kinds.test/mapped': html('<h1>Mapped</h1>'),
      'link-kinds.test/from-frame': html('<h1>From a frame</h1>'),
      'link-kinds.test/from-srcdoc': html('<h1>From srcdoc</h1>'),
      'link-kinds.test/drawn': html('<h1>Drawn</h1>'),
      'link-kinds.test/shadowed': html('<h1>Shadowed</h1>'),
      'link-kinds.test/app/route': html('<h1>Route</h1>', { setCookie: ['route=1; Path=/'] }),
      'www.link-kinds.test/nofollow': html('<h1>Other host</h1>'),
      'link-kinds.test/session/end': html('<h1>Bye</h1>', { setCookie: ['ended=1; Path=/'] }),
      'link-kinds.test/shop/logout': html('<h1>Bye</h1>', { setCookie: ['ended=1; Path=/'] }),
    },
    truth: truth(`${KINDS}/`),
    exploration: {
      mode: 'deep',
      pages: {
        [`${KINDS}/`]: 'success',
        [`${KINDS}/base/based`]: 'success',
        [`${KINDS}/mapped`]: 'success',
        [`${KINDS}/from-frame`]: 'success',
        [`${KINDS}/from-srcdoc`]: 'success',
        [`${KINDS}/drawn`]: 'success',
        [`${KINDS}/shadowed`]: 'success',
        [`${KINDS}/app/route`]: 'success',
        'https://www.link-kinds.test/nofollow': 'success',
      },
      skippedPages: [],
      cookies: { route: [`${KINDS}/app/route`] },
    },
  },
  {
    name: 'leads-off',
    url: `${OFF}/`,
    summary: 'Pages that send their visitors to another site: by redirect, by meta refresh, by script',
    routes: {
      'leads-off.test/': html(
        '<a href="/go">Go</a><a href="/refresh">Refresh</a><a href="/script">Script</a>',
      ),
      'leads-off.test/go': redirect('https://leads-off-partner.test/landing', {
        setCookie: ['went=1; Path=/'],
      }),
      'leads-off.test/refresh': html('<h1>Refresh</h1>', {
        head: '<meta http-equiv="refresh" content="0; url=https://leads-off-partner.test/landing">',
      }),
      'leads-off.test/script': inlineScript('location.href = "https://leads-off-partner.test/landing";'),
      'leads-off-partner.test/landing': html('<a href="https://leads-off.test/hidden">Hidden</a>', {
        setCookie: ['landing=1; Path=/'],
      }),
      'leads-off.test/hidden': html('<h1>Hidden</h1>'),
    },
    truth: truth(`${OFF}/`),
    exploration: {
      mode: 'standard',
      pages: {
        [`${OFF}/`]: 'success',
        [`${OFF}/go`]: 'blocked',
        [`${OFF}/refresh`]: 'success',
        [`${OFF}/script`]: 'success',
      },
      skippedPages: [],
      cookies: { went: [`${OFF}/go`] },
    },
  },
  {
    name: 'troubled-pages',
    url: `${TROUBLED}/`,
    summary: 'Pages behind the first one fail, go round in circles, lead on by themselves or never come',
    routes: {
      'troubled-pages.test/': html(
        ['silent', 'loop', 'gone', 'reset', 'nothing', 'file', 'chain', 'moved', 'fine']
          .map((path) => `<a href="/${path}">${path}</a>`)
          .join(''),
      ),
      'troubled-pages.test/silent': () => undefined,
      'troubled-pages.test/loop': redirect('/loop'),
      'troubled-pages.test/gone': html('<h1>Gone</h1>', { status: 410, setCookie: ['gone=1; Path=/'] }),
      'troubled-pages.test/reset': ({ request }) => void request.socket.destroy(),
      'troubled-pages.test/nothing': body('text/html', '', { status: 204 }),
      'troubled-pages.test/file': body('application/octet-stream', 'bytes', {
        headers: { 'content-disposition': 'attachment; filename="file.bin"' },
      }),
      'troubled-pages.test/chain': html('', {
        head: '<meta http-equiv="refresh" content="0; url=/chain/2">',
      }),
      'troubled-pages.test/chain/2': html('', {
        head: '<meta http-equiv="refresh" content="0; url=/chain/end">',
        setCookie: ['chain=1; Path=/'],
      }),
      'troubled-pages.test/chain/end': html('<h1>End</h1>'),
      'troubled-pages.test/moved': redirect('/fine'),
      'troubled-pages.test/fine': after(5, html('<h1>Fine</h1>', { setCookie: ['fine=1; Path=/'] })),
    },
    truth: truth(`${TROUBLED}/`),
    exploration: {
      mode: 'deep',
      pages: {
        [`${TROUBLED}/`]: 'success',
        [`${TROUBLED}/silent`]: 'failed',
        [`${TROUBLED}/loop`]: 'failed',
        [`${TROUBLED}/gone`]: 'failed',
        [`${TROUBLED}/reset`]: 'failed',
        [`${TROUBLED}/nothing`]: 'failed',
        [`${TROUBLED}/file`]: 'failed',
        [`${TROUBLED}/chain/end`]: 'success',
        [`${TROUBLED}/fine`]: 'success',
      },
      skippedPages: [],
      cookies: { gone: [`${TROUBLED}/gone`], chain: [`${TROUBLED}/chain/end`], fine: [`${TROUBLED}/fine`] },
    },
  },
];
