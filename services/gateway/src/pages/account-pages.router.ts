import { Router, type Response } from 'express';
import { QUEUES_LOGIN_PAGE, QUEUES_LOGIN_SCRIPT } from './queues-login.ts';
import { formPage, PAGE_POLICY, PAGE_SCRIPT, PAGE_STYLE, PAGE_ASSETS_PATH, type FormPage } from './page.ts';

const NEW_PASSWORD = {
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
} as const;

/** What the links of mails lead to. */
const PAGES: Readonly<Record<string, FormPage>> = {
  '/new-password': {
    title: 'Choose a new password',
    fields: [{ ...NEW_PASSWORD, name: 'newPassword' }],
    button: 'Save',
    action: '/api/v1/auth/password-reset/finish',
    hasToken: true,
    done: 'Your password is changed, and you are signed out everywhere. You can sign in with it now.',
  },
  '/invitation': {
    title: 'Open your account',
    fields: [
      { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' },
      { ...NEW_PASSWORD, label: 'Password', name: 'password' },
    ],
    button: 'Open account',
    action: '/api/v1/auth/invitations/accept',
    hasToken: true,
    done: 'Your account is open. You can sign in now.',
  },
};

/** The pages behind the links in our mails, and the login before Bull Board: one form each. Nothing in them comes from a request. */
export function accountPagesRouter(): Router {
  const router = Router({ strict: true, caseSensitive: true });
  for (const [path, page] of Object.entries(PAGES)) {
    const html = formPage(page);
    router.get(path, (_request, response) => send(response, 'text/html', html));
  }
  router.get('/queues', (_request, response) => send(response, 'text/html', QUEUES_LOGIN_PAGE));
  router.get('/queues.js', (_request, response) => send(response, 'text/javascript', QUEUES_LOGIN_SCRIPT));
  router.get('/page.js', (_request, response) => send(response, 'text/javascript', PAGE_SCRIPT));
  router.get('/page.css', (_request, response) => send(response, 'text/css', PAGE_STYLE));
  return router;
}

/** Where the pages are. */
export const ACCOUNT_PAGES_PATH = PAGE_ASSETS_PATH;

function send(response: Response, type: string, body: string): void {
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('Cache-Control', 'no-cache');
  response.type(`${type}; charset=utf-8`).send(body);
}
