import type { Site, SiteTruth } from '@cookie-scanner/test-web';

type Answer = Site['routes'][string];

/** Tests that make up a site say themselves what they expect of it. */
const NO_TRUTH: SiteTruth = {
  outcome: { statuses: [], finalUrls: [], httpStatuses: [] },
  cookies: [],
  transientCookies: [],
  blockedCookies: [],
  storage: [],
  aliasedHosts: [],
  fingerprinters: [],
  transfers: null,
  afterAccept: null,
  afterReject: null,
};

/** A site made up for one test, at `https://<name>.test/`. Routes are paths of it, or `host/path` elsewhere. */
export function testSite(name: string, routes: Readonly<Record<string, Answer>>): Site {
  const host = `${name}.test`;
  return {
    name,
    url: `https://${host}/`,
    summary: 'Made up for one test',
    routes: Object.fromEntries(
      Object.entries(routes).map(([route, answer]) => [
        route.startsWith('/') ? `${host}${route}` : route,
        answer,
      ]),
    ),
    truth: NO_TRUTH,
  };
}

/** Answers with this body, which no cache keeps. */
export function answer(
  contentType: string,
  body: string,
  headers: Record<string, string | string[]> = {},
): Answer {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store', ...headers });
    response.end(body);
  };
}

/** Answers with an HTML document that has this body. */
export function page(body: string, setCookie: string[] = []): Answer {
  return answer('text/html; charset=utf-8', `<!doctype html><title>Test</title><body>${body}`, {
    'set-cookie': setCookie,
  });
}

/** Answers with a script. */
export function script(code: string, headers: Record<string, string | string[]> = {}): Answer {
  return answer('text/javascript; charset=utf-8', code, { 'access-control-allow-origin': '*', ...headers });
}

/** Tells the caller that a request came, then answers as always. */
export function noticing(onRequest: () => void, then: Answer): Answer {
  return (exchange) => {
    onRequest();
    return then(exchange);
  };
}
