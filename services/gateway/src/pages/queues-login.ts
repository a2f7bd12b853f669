import { PAGE_ASSETS_PATH, pageDocument } from './page.ts';

/** Signs an Admin in, by password and second factor, and opens Bull Board for their browser. */
export const QUEUES_LOGIN_PAGE = pageDocument({
  title: 'Sign in to see the queues',
  script: `${PAGE_ASSETS_PATH}/queues.js`,
  body: `<form>
<label>Mail address<input name="email" type="email" autocomplete="username" required></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<label>Code of your second factor, if you have one<input name="code" inputmode="numeric" autocomplete="one-time-code"></label>
<label><input name="grant" type="checkbox"> Let me change queues for five minutes</label>
<button>Sign in</button>
</form>`,
});

/** What that page does: login, second factor, cookie for Bull Board, Bull Board. */
export const QUEUES_LOGIN_SCRIPT = `'use strict';
const form = document.querySelector('form');
const say = (text) => { document.querySelector('[role=status]').textContent = text; };
async function call(path, body, token) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = 'Bearer ' + token;
  const options = { method: 'POST', headers };
  if (body) options.body = JSON.stringify(body);
  const response = await fetch('/api/v1/auth/' + path, options);
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, password, code, grant } = Object.fromEntries(new FormData(form));
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    let login = await call('login', { email, password });
    if (login.status === 'mfa_required') {
      if (!code) throw new Error('The code of your second factor is needed too.');
      login = await call('login/mfa', { mfaToken: login.mfaToken, code });
    }
    await call('queues-session', null, login.accessToken);
    if (grant) await call('queues-session/grant', null, login.accessToken);
    location.assign('/admin/queues');
  } catch (error) {
    say(error.message);
  } finally {
    button.disabled = false;
  }
});
`;
