/** Where pages load script and style from. */
export const PAGE_ASSETS_PATH = '/account';

/** What a page of ours needs, and nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** One line that people fill in. */
interface PageField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'email';
  /** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill */
  readonly autocomplete: string;
}

/** A page with one form, whose fields go to the API as JSON. All of it is written by us. */
export interface FormPage {
  readonly title: string;
  readonly fields: readonly PageField[];
  readonly button: string;
  /** Path of the API that takes the fields. */
  readonly action: string;
  /** Whether the link that leads here carries a token behind `#`, which the API wants too. */
  readonly hasToken: boolean;
  /** Shown when the API took it. */
  readonly done: string;
}

/** The page as a document. */
export function formPage({ title, fields, button, action, hasToken, done }: FormPage): string {
  const lines = fields.map(
    ({ name, label, type, autocomplete }) =>
      `<label>${label}<input name="${name}" type="${type}" autocomplete="${autocomplete}" required></label>`,
  );
  return pageDocument({
    title,
    script: `${PAGE_ASSETS_PATH}/page.js`,
    body: `<form data-action="${action}" data-has-token="${hasToken}" data-done="${done}">
${lines.join('\n')}
<button>${button}</button>
</form>`,
  });
}

/** A page with a place for what its script has to say. All of it is written by us. */
export function pageDocument({
  title,
  script,
  body,
}: {
  title: string;
  script: string;
  body: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Cookie Scanner</title>
<link rel="stylesheet" href="${PAGE_ASSETS_PATH}/page.css">
<script src="${script}" defer></script>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
<p role="status" aria-live="polite"></p>
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
</body>
</html>
`;
}

/** Sends the form of a page, and shows what came of it as text. */
export const PAGE_SCRIPT = `'use strict';
const form = document.querySelector('form');
const say = (text) => { document.querySelector('[role=status]').textContent = text; };
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const needsToken = form.dataset.hasToken === 'true';
// So that the token does not stay in the list of visited pages.
if (token !== null) history.replaceState(null, '', location.pathname);
if (needsToken && token === null) {
  form.hidden = true;
  say('Open the link of the mail again.');
}
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const response = await fetch(form.dataset.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(needsToken ? { ...fields, token } : fields),
    });
    if (response.ok) {
      form.hidden = true;
      say(form.dataset.done);
      return;
    }
    const problem = await response.json();
    const details = (problem.errors ?? []).map((each) => each.detail);
    say(details.length > 0 ? 'Not accepted: it ' + details.join(', it ') + '.' : problem.detail);
  } catch {
    say('The server does not answer. Try again in a moment.');
  } finally {
    button.disabled = false;
  }
});
`;

/** How pages look. */
export const PAGE_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 24px; }
main { max-width: 24em; margin: 8vh auto 0; }
h1 { font-size: 22px; }
label { display: block; margin: 16px 0; }
input { display: block; width: 100%; box-sizing: border-box; margin-top: 4px; padding: 8px; font: inherit; }
button { padding: 8px 16px; font: inherit; }
[hidden] { display: none; }
`;
