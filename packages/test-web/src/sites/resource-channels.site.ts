import { body, html, redirect, script } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import type { CookieTruth } from '../truth.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const HOST = 'resource-channels.test';
const ORIGIN = `https://${HOST}`;
const PAGE = `${ORIGIN}/`;
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect id="a" width="9" height="9"/></svg>';
const XSLT =
  '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">' +
  '<html><body><script>document.cookie = "by_xslt_script=1; Path=/"</script></body></html>' +
  '</xsl:template></xsl:stylesheet>';

const HEAD = `
  <meta http-equiv="Set-Cookie" content="by_meta=1; Path=/">
  <link rel="prefetch" href="/prefetch"><link rel="modulepreload" href="/modulepreload">
  <link rel="icon" type="image/svg+xml" href="/icon">
  <script type="speculationrules">{"prefetch":[{"source":"list","urls":["/speculated"],"eagerness":"immediate"}]}</script>
  <style>
    body { cursor: url(/cursor), auto } .mask { mask-image: url(/mask); width: 9px; height: 9px }
    .content::before { content: url(/content) } .list { list-style-image: url(/list) }
  </style>`;
const BODY = `
  <h1>Channels</h1><div class="mask"></div><div class="content"></div><ul class="list"><li>item</ul>
  <embed src="/embed" type="text/html"><audio src="/audio" preload="auto"></audio><video poster="/poster"></video>
  <video><track default src="/track"></video><input type="image" src="/input" alt=""><svg><use href="/use#a"/></svg>
  <iframe src="/xml"></iframe><iframe src="/svg-document"></iframe><iframe src="/frameset"></iframe>
  <iframe src="/no-content"></iframe><iframe src="/refresh"></iframe><iframe src="/policy"></iframe>
  <img src="/challenge" alt=""><img src="/lazy" loading="lazy" alt="" width="9" height="9" style="margin-top: 9000px">
  <a id="ping" href="#there" ping="/ping">ping</a><a id="download" href="/download" download="file">download</a>
  <script>
    document.getElementById('ping').click();
    setTimeout(() => document.getElementById('download').click(), 300);
    fetch('/keepalive', { keepalive: true, method: 'POST', body: 'x' });
    fetch('/manual', { redirect: 'manual' });
    const request = new XMLHttpRequest();
    request.open('GET', '/synchronous', false);
    request.send();
    import('/json', { with: { type: 'json' } }).catch(() => {});
    import('/css', { with: { type: 'css' } }).catch(() => {});
    WebAssembly.compileStreaming(fetch('/wasm')).catch(() => {});
    new OfflineAudioContext(1, 100, 44100).audioWorklet.addModule('/audio-worklet').catch(() => {});
    CSS.paintWorklet.addModule('/paint-worklet');
    const written = document.body.appendChild(document.createElement('iframe')).contentDocument;
    written.open();
    written.write('<script>document.cookie = "by_written_frame=1; Path=/"<\\/script>');
    written.close();
    const frame = document.createElement('iframe');
    frame.src = "javascript:document.cookie = 'by_script_address=1; Path=/'; ''";
    document.body.append(frame);
  </script>`;

const picture = (setCookie: string[]): Answer => body('image/svg+xml', SVG, { setCookie });
const code = (setCookie: string[]): Answer => script('', { setCookie });
const text = (setCookie: string[]): Answer => body('text/plain', 'x', { setCookie });
const page = (setCookie: string[]): Answer => html('<p>page</p>', { setCookie });

/** One cookie for each kind of request; the cookie is named after the path. */
const ANSWERS: Readonly<Record<string, (setCookie: string[]) => Answer>> = {
  ...Object.fromEntries(
    ['icon', 'cursor', 'mask', 'content', 'list', 'poster', 'input', 'use', 'lazy'].map((path) => [
      path,
      picture,
    ]),
  ),
  ...Object.fromEntries(['modulepreload', 'audio-worklet', 'paint-worklet'].map((path) => [path, code])),
  ...Object.fromEntries(
    ['prefetch', 'keepalive', 'synchronous', 'wasm', 'audio', 'ping', 'report', 'link-header'].map((path) => [
      path,
      text,
    ]),
  ),
  ...Object.fromEntries(['speculated', 'embed', 'refreshed', 'in-frameset'].map((path) => [path, page])),
  track: (setCookie) => body('text/vtt', 'WEBVTT\n\n', { setCookie }),
  json: (setCookie) => body('application/json', '{}', { setCookie }),
  css: (setCookie) => body('text/css', '', { setCookie }),
  xslt: (setCookie) => body('text/xsl', XSLT, { setCookie }),
  'svg-document': (setCookie) => body('image/svg+xml', SVG, { setCookie }),
  'no-content': (setCookie) => body('text/plain', '', { status: 204, setCookie }),
  refresh: (setCookie) => html('', { setCookie, headers: { refresh: '0; url=/refreshed' } }),
  manual: (setCookie) => redirect('/never-asked', { setCookie }),
  challenge: (setCookie) =>
    body('text/plain', '', { status: 401, setCookie, headers: { 'www-authenticate': 'Basic realm="x"' } }),
  download: (setCookie) =>
    body('application/octet-stream', 'x', { setCookie, headers: { 'content-disposition': 'attachment' } }),
};

const ofScript = (name: string, url: string): CookieTruth =>
  cookie({ name, value: '1', domain: HOST, setBy: byScript(url) });

/** Ways to fetch something that are easily forgotten, each with a cookie of its own. */
export const resourceChannels: Site = {
  name: 'resource-channels',
  url: PAGE,
  summary:
    'Prefetches, worklets, pings, policy reports, downloads, style sheets of XML and other rare requests each set a cookie',
  routes: {
    [`${HOST}/`]: html(BODY, {
      head: HEAD,
      headers: { link: '</link-header>; rel=preload; as=fetch; crossorigin' },
    }),
    [`${HOST}/xml`]: body(
      'text/xml',
      '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/xslt"?><a/>',
    ),
    [`${HOST}/frameset`]: body('text/html', '<frameset cols="*"><frame src="/in-frameset"></frameset>'),
    [`${HOST}/policy`]: html('<script>document.cookie = "never=1"</script>', {
      headers: { 'content-security-policy': "script-src 'none'; report-uri /report" },
    }),
    ...Object.fromEntries(
      Object.entries(ANSWERS).map(([path, answer]) => [`${HOST}/${path}`, answer([`${path}=1; Path=/`])]),
    ),
  },
  truth: truth(`${PAGE}#there`, {
    cookies: [
      ...Object.keys(ANSWERS).map((path) =>
        cookie({ name: path, value: '1', domain: HOST, setBy: byHttp(`${ORIGIN}/${path}`) }),
      ),
      ofScript('by_xslt_script', `${ORIGIN}/xml`),
      ofScript('by_written_frame', PAGE),
      ofScript('by_script_address', PAGE),
    ],
  }),
};
