import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import compression from 'compression';
import { Router, type Response } from 'express';
import type { Doorman } from '../http/doorman.ts';
import { API_BASE_PATH } from '../openapi.ts';

/** Where people read about the API. */
export const API_DOCS_PATH = `${API_BASE_PATH}/docs`;

/** Swagger UI draws its arrows as `data:` images. Nothing is loaded from, or sent to, anybody else. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API – Cookie Scanner</title>
<link rel="icon" type="image/png" href="${API_DOCS_PATH}/favicon-32x32.png">
<link rel="stylesheet" href="${API_DOCS_PATH}/swagger-ui.css">
<link rel="stylesheet" href="${API_DOCS_PATH}/docs.css">
<script src="${API_DOCS_PATH}/swagger-ui-bundle.js" defer></script>
<script src="${API_DOCS_PATH}/docs.js" defer></script>
</head>
<body>
<main id="docs"></main>
<noscript><p>This page needs JavaScript. The document itself is at <a href="${API_BASE_PATH}/openapi.json">openapi.json</a>.</p></noscript>
</body>
</html>
`;

/** Shows the document, in the colours that the browser asks for. What is typed into the page is kept until it is closed. */
const SCRIPT = `'use strict';
const isDark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', isDark.matches);
isDark.addEventListener('change', paint);
paint();
SwaggerUIBundle({
  domNode: document.getElementById('docs'),
  url: '${API_BASE_PATH}/openapi.json',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'none',
  filter: true,
  syntaxHighlight: { activated: false },
  validatorUrl: null,
});
`;

const STYLE = readFileSync(new URL('./api-docs.css', import.meta.url), 'utf8');

/**
 * The document of the API as a page, to read and to try. Swagger UI comes from its package on this machine. Requests are
 * counted like those of any stranger.
 */
export function apiDocsRouter(doorman: Pick<Doorman, 'greet'>): Router {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router({ strict: true, caseSensitive: true });
  router.use(async (request, response, next) => {
    await doorman.greet(request, response);
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    response.setHeader('Cache-Control', 'no-cache');
    next();
  });
  // Nothing here depends on who asks, so there is nothing to be told from its size.
  router.use(compression());
  router.get('/', (_request, response) => send(response, 'text/html', PAGE));
  router.get('/docs.js', (_request, response) => send(response, 'text/javascript', SCRIPT));
  router.get('/docs.css', (_request, response) => send(response, 'text/css', STYLE));
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png']) {
    router.get(`/${name}`, (_request, response, next) => {
      response.sendFile(join(folder, name), { cacheControl: false }, (error) => void (error && next(error)));
    });
  }
  return router;
}

function send(response: Response, type: string, body: string): void {
  response.type(`${type}; charset=utf-8`).send(body);
}
