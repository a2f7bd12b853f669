import { body, html, json, redirect, script } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, cookie, truth } from '../truth-builders.ts';

const ORIGIN = 'https://resource-kinds.test';
const PAGE = `${ORIGIN}/`;

const PAGE_HTML = `
  <h1>Kinds</h1><p style="font-family:face">Text in a face of its own</p><div class="picture">x</div>
  <iframe name="target" src="about:blank"></iframe>
  <form id="form" action="/form" method="post" target="target"><input name="a" value="1"></form>
  <object data="/object" type="text/html"></object>
  <video src="/video" preload="auto" muted></video>
  <picture><source srcset="/srcset 1x"><img alt="" src="/not-used"></picture>
  <svg width="10" height="10"><image href="/svg-image" width="10" height="10"/></svg>
  <script type="module" src="/module"></script>
  <script>
    document.getElementById('form').submit();
    const request = new XMLHttpRequest();
    request.open('POST', '/xhr');
    request.send('x');
    navigator.sendBeacon('/beacon', 'x');
    new EventSource('/events');
  </script>
`;
const HEAD =
  '<link rel="stylesheet" href="/style"><link rel="preload" as="fetch" crossorigin href="/preload">';
const STYLE = `
  @import url("/imported");
  @font-face { font-family: face; src: url("/font"); }
  .picture { background-image: url("/background"); }
`;

/** One cookie for each kind of request that a page can make; the cookie is named after the path. */
const ANSWERS: Readonly<Record<string, (setCookie: string[]) => Answer>> = {
  style: (setCookie) => body('text/css', STYLE, { setCookie }),
  imported: (setCookie) => body('text/css', 'p { margin: 0 }', { setCookie }),
  font: (setCookie) => body('font/woff2', '', { setCookie }),
  background: (setCookie) =>
    body('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', { setCookie }),
  preload: (setCookie) => body('text/plain', 'preloaded', { setCookie }),
  object: (setCookie) => html('<p>object</p>', { setCookie }),
  video: (setCookie) => body('video/mp4', '', { setCookie }),
  srcset: (setCookie) => body('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', { setCookie }),
  'svg-image': (setCookie) =>
    body('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', { setCookie }),
  form: (setCookie) => redirect('/form-done', { setCookie, status: 303 }),
  'form-done': (setCookie) => html('<p>done</p>', { setCookie }),
  module: (setCookie) => script("import '/dependency';", { setCookie }),
  dependency: (setCookie) => script('export {};', { setCookie }),
  xhr: (setCookie) => json({}, { setCookie }),
  beacon: (setCookie) => body('text/plain', '', { status: 204, setCookie }),
  events: (setCookie) => body('text/event-stream', 'retry: 3600000\n\ndata: one\n\n', { setCookie }),
};

/** Every kind of resource, each with a cookie of its own. */
export const resourceKinds: Site = {
  name: 'resource-kinds',
  url: PAGE,
  summary: 'Style sheets, fonts, media, objects, forms, modules, beacons and streams each set a cookie',
  routes: {
    'resource-kinds.test/': html(PAGE_HTML, { head: HEAD }),
    ...Object.fromEntries(
      Object.entries(ANSWERS).map(([path, answer]) => [
        `resource-kinds.test/${path}`,
        answer([`${path}=1; Path=/`]),
      ]),
    ),
  },
  truth: truth(PAGE, {
    cookies: Object.keys(ANSWERS).map((path) =>
      cookie({ name: path, value: '1', domain: 'resource-kinds.test', setBy: byHttp(`${ORIGIN}/${path}`) }),
    ),
  }),
};
