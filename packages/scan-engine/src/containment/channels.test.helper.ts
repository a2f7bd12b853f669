/** How a page may make its visitor's browser connect somewhere. */
export interface Channel {
  readonly name: string;
  /** JavaScript that tries it; `url`, `socketUrl` (the same for WebSockets) and `add` (appends an element) are at hand. */
  readonly code: string;
  /** False where the browser gives up by itself, or goes another way than over TCP: then nobody asks the gateway. */
  readonly asksGateway: boolean;
}

const RELATIONS = {
  preload: "rel: 'preload', as: 'script'",
  'preload-font': "rel: 'preload', as: 'font', crossOrigin: 'anonymous'",
  'preload-fetch': "rel: 'preload', as: 'fetch', crossOrigin: 'anonymous'",
  modulepreload: "rel: 'modulepreload'",
  prefetch: "rel: 'prefetch'",
  stylesheet: "rel: 'stylesheet'",
};

/** Relations that this browser may pass over without a connection. */
const LAZY_RELATIONS = {
  preconnect: "rel: 'preconnect'",
  'dns-prefetch': "rel: 'dns-prefetch'",
  prerender: "rel: 'prerender'",
  manifest: "rel: 'manifest'",
  icon: "rel: 'icon'",
  'apple-icon': "rel: 'apple-touch-icon'",
  alternate: "rel: 'alternate stylesheet'",
  search: "rel: 'search', type: 'application/opensearchdescription+xml'",
};

const WORK_IN_WORKER = {
  fetch: "fetch(url, { mode: 'no-cors' }).catch(() => {});",
  xhr: "const xhr = new XMLHttpRequest(); xhr.open('GET', url); xhr.send();",
  socket: 'new WebSocket(socketUrl);',
  events: 'new EventSource(url);',
  import: 'try { importScripts(url); } catch {}',
};

/** Channels that work on every page. */
const ELEMENTS: Readonly<Record<string, string>> = {
  img: 'new Image().src = url;',
  srcset: "add('img', { srcset: url + ' 2x', sizes: '100px' });",
  'input-image': "add('input', { type: 'image', src: url });",
  'body-background': "add('table', {}).setAttribute('background', url);",
  script: "add('script', { src: url });",
  module: "add('script', { type: 'module', src: url });",
  'static-import': "add('script', { type: 'module', textContent: 'import ' + JSON.stringify(url) });",
  'dynamic-import': 'import(url).catch(() => {});',
  'css-import': "add('style', { textContent: '@import url(' + url + ');' });",
  'css-background': "add('div', { style: 'width: 9px; height: 9px; background: url(' + url + ')' });",
  'css-content': "add('style', { textContent: 'body::after { content: url(' + url + '); }' });",
  font: "add('style', { textContent: '@font-face { font-family: f; src: url(' + url + '); } .f { font-family: f; }' }); add('p', { className: 'f', textContent: 'text' }); new FontFace('g', 'url(' + url + ')').load().catch(() => {});",
  iframe: "add('iframe', { src: url });",
  'nested-frame': "add('iframe', { srcdoc: '<iframe src=' + url + '></iframe>' });",
  'refresh-frame': "add('iframe', { srcdoc: '<meta http-equiv=refresh content=0;url=' + url + '>' });",
  object: "add('object', { data: url, type: 'text/html' });",
  embed: "add('embed', { src: url, type: 'text/html' });",
  video: "add('video', { src: url, preload: 'auto' });",
  poster: "add('video', { poster: url });",
  audio: "add('audio', { src: url, preload: 'auto' });",
  'svg-image':
    "document.body.insertAdjacentHTML('beforeend', '<svg><image href=' + url + ' width=9 height=9></image></svg>');",
  fetch: "fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => {});",
  'fetch-cors': 'fetch(url).catch(() => {});',
  'fetch-keepalive':
    "fetch(url, { mode: 'no-cors', keepalive: true, method: 'POST', body: 'x' }).catch(() => {});",
  xhr: "const xhr = new XMLHttpRequest(); xhr.open('POST', url); xhr.setRequestHeader('x-extra', '1'); xhr.send('x');",
  'sync-xhr': "const xhr = new XMLHttpRequest(); xhr.open('GET', url, false); try { xhr.send(); } catch {}",
  beacon: "navigator.sendBeacon(url, 'x');",
  events: 'new EventSource(url);',
  socket: 'new WebSocket(socketUrl);',
  form: "const frame = add('iframe', { name: 'form-frame' }); const form = add('form', { method: 'post', action: url, target: frame.name }); form.submit();",
  popup: "window.open(url, '_blank');",
  'blank-link': "add('a', { href: url, target: '_blank', rel: 'noopener' }).click();",
  ping: "const link = add('a', { href: '#ping', ping: url }); link.click();",
  redirect: "new Image().src = '/redirect?to=' + encodeURIComponent(url);",
  'redirect-frame': "add('iframe', { src: '/redirect?to=' + encodeURIComponent(url) });",
  'redirect-fetch': "fetch('/redirect?to=' + encodeURIComponent(url), { mode: 'no-cors' }).catch(() => {});",
  'csp-report': "add('iframe', { src: '/reporting?to=' + encodeURIComponent(url) });",
  worklet: 'CSS.paintWorklet ? CSS.paintWorklet.addModule(url).catch(() => {}) : fetch(url).catch(() => {});',
};

/** Channels that this browser may pass over, and those that go another way than over TCP. */
const SPECIAL: Readonly<Record<string, string>> = {
  track:
    "const video = add('video', {}); const track = document.createElement('track'); Object.assign(track, { src: url, default: true, kind: 'captions' }); video.append(track); track.track.mode = 'showing';",
  speculation:
    "add('script', { type: 'speculationrules', textContent: JSON.stringify({ prerender: [{ source: 'list', urls: [url] }], prefetch: [{ source: 'list', urls: [url] }] }) });",
  'fetch-later': 'fetchLater(url, { activateAfter: 0 });',
  'web-transport': "new WebTransport(url.replace('http:', 'https:')).ready.catch(() => {});",
  'web-socket-stream': 'new WebSocketStream(socketUrl);',
  attribution: "add('img', { src: 'data:,', attributionSrc: url });",
};

/** Every channel that a page of `http:` and `https:` alike can try. */
export const CHANNELS: readonly Channel[] = [
  ...named(ELEMENTS, true),
  ...named(linkCode(RELATIONS), true, 'link-'),
  ...named(linkCode(LAZY_RELATIONS), false, 'link-'),
  ...named(workerCode('Worker'), true, 'worker-'),
  ...named(workerCode('SharedWorker'), true, 'shared-'),
  ...named(SPECIAL, false),
];

/** Code that sends STUN and TURN over UDP and TCP to hosts of this list. */
export function webRtcCode(hosts: readonly string[], port: number): string {
  const urls = hosts.flatMap((host) => [
    `stun:${host}:${port}`,
    `turn:${host}:${port}?transport=udp`,
    `turn:${host}:${port}?transport=tcp`,
    `turns:${host}:${port}?transport=tcp`,
  ]);
  return `for (const urls of ${JSON.stringify(urls)}) {
    const peer = new RTCPeerConnection({ iceServers: [{ urls, username: 'u', credential: 'c' }], iceCandidatePoolSize: 1 });
    peer.createDataChannel('x');
    peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  }`;
}

/** Code that tries each channel at the address that `urlOf` gives it. */
export function attemptCode(channels: readonly Channel[], urlOf: (channel: Channel) => string): string {
  const attempts = channels.map((channel) => {
    const url = JSON.stringify(urlOf(channel));
    return `attempt(${url}, (url, socketUrl) => { ${channel.code} });`;
  });
  return `
    const add = (tag, attributes) => {
      const element = Object.assign(document.createElement(tag), attributes);
      document.body.append(element);
      return element;
    };
    const attempt = (url, work) => { try { work(url, url.replace(/^http/, 'ws')); } catch {} };
    ${attempts.join('\n')}
  `;
}

function named(codes: Readonly<Record<string, string>>, asksGateway: boolean, prefix = ''): Channel[] {
  return Object.entries(codes).map(([name, code]) => ({ name: prefix + name, code, asksGateway }));
}

function linkCode(relations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(relations).map(([name, attributes]) => [
      name,
      `add('link', { ${attributes}, href: url });`,
    ]),
  );
}

function workerCode(constructor: 'Worker' | 'SharedWorker'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(WORK_IN_WORKER).map(([name, code]) => [
      name,
      `const source = 'const url = ' + JSON.stringify(url) + ', socketUrl = ' + JSON.stringify(socketUrl) + ';' + ${JSON.stringify(code)};
       new ${constructor}(URL.createObjectURL(new Blob([source])));`,
    ]),
  );
}
