import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { generateOrdinarySites } from './ordinary/generate-ordinary-sites.ts';
import { SITES } from './site-catalog.ts';
import { startTestWeb, type TestWeb } from './start-test-web.ts';
import type { CookieTruth } from './truth.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What came within the first chunk at least; endless bodies are cut. */
  readonly body: string;
}

/** Asks the web for an address, as a browser with its host rules would. */
async function visit(web: TestWeb, address: string): Promise<Reply> {
  const url = new URL(address);
  const isSecure = url.protocol === 'https:';
  const request = (isSecure ? httpsRequest : httpRequest)({
    host: '127.0.0.1',
    port: isSecure ? web.httpsPort : web.httpPort,
    path: url.pathname + url.search,
    // As a browser that has the page already; only an answer that says so looks at it.
    headers: { host: url.host, origin: 'https://visitor.test', 'if-none-match': '"1"' },
    agent: false,
    ...(isSecure ? { rejectUnauthorized: false, servername: url.hostname } : {}),
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
    if (response.headers['content-length'] === undefined && body.includes('Endless')) break;
  }
  request.destroy();
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** `Set-Cookie` headers of an address; WebSocket addresses are shaken hands with. */
async function cookiesSetBy(web: TestWeb, address: string): Promise<string[]> {
  const url = new URL(address);
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    return ((await visit(web, address)).headers['set-cookie'] ?? []).map(decodeHeader);
  }
  const socket = new WebSocket(`wss://127.0.0.1:${web.httpsPort}${url.pathname}`, {
    rejectUnauthorized: false,
    headers: { host: url.host },
  });
  const [response] = (await once(socket, 'upgrade')) as [IncomingMessage];
  socket.terminate();
  return response.headers['set-cookie'] ?? [];
}

function decodeHeader(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

let web: TestWeb;
const extraSites = generateOrdinarySites(2, 5);

beforeAll(async () => {
  web = await startTestWeb({ extraSites });
});
afterAll(() => web.close());

const SILENT = new Set(['never-answers', 'connection-reset']);
const speaking = [...SITES, ...extraSites].filter(({ name }) => !SILENT.has(name));

describe.each(speaking.map((site) => [site.name, site] as const))('site %s', (_name, site) => {
  it('is answered as its truth says', async () => {
    let reply = await visit(web, site.url);
    let address = site.url;
    for (let hops = 0; hops < 3 && reply.headers.location !== undefined; hops += 1) {
      address = new URL(reply.headers.location, address).href;
      if (new URL(address).hostname === '127.0.0.1') break;
      reply = await visit(web, address);
    }
    expect(site.truth.outcome.httpStatuses).toContain(reply.status);
  });

  it('sets every http cookie of its truth where the truth says', async () => {
    const { truth } = site;
    for (const { name, setBy } of [...truth.cookies, ...truth.transientCookies]) {
      if (setBy.kind !== 'http' || typeof setBy.url !== 'string') continue;
      const lines = await cookiesSetBy(web, setBy.url);
      expect(lines.map((line) => line.split('=')[0])).toContain(name);
    }
  });

  it('tries to set every cookie that is to be refused', async () => {
    for (const { name, url } of site.truth.blockedCookies) {
      if (typeof url !== 'string') continue;
      expect((await cookiesSetBy(web, url)).map((line) => line.split('=')[0])).toContain(name);
    }
  });

  it('serves every script that is to set something', async () => {
    const states = [site.truth, site.truth.afterAccept, site.truth.afterReject];
    const cookies: CookieTruth[] = states.flatMap((state) => state?.cookies ?? []);
    for (const { setBy } of cookies) {
      if (setBy.kind === 'http' || typeof setBy.url !== 'string') continue;
      const reply = await visit(web, setBy.url);
      expect([setBy.url, reply.status]).toEqual([setBy.url, 200]);
      expect(reply.headers['content-type']).toMatch(/^text\/(html|javascript|xml)/);
      expect(reply.body).not.toBe('');
    }
  });
});

describe('the test web', () => {
  it('answers like a vendor for hosts of no site, so that nothing leaves the machine', async () => {
    const { status, headers, body } = await visit(web, 'https://api.some-vendor.example/v1/track?x=1');
    expect([status, body]).toEqual([200, '{}']);
    expect(headers['access-control-allow-origin']).toBe('https://visitor.test');
    expect(headers['access-control-allow-credentials']).toBe('true');
  });

  it('answers 404 for unknown paths of a site and for addresses that are no names', async () => {
    expect((await visit(web, 'https://shop.test/nothing')).status).toBe(404);
    expect((await visit(web, 'http://169.254.169.254/latest/meta-data')).status).toBe(404);
    expect((await visit(web, 'http://localhost/')).status).toBe(404);
  });

  it('logs each request with its host and cookies', async () => {
    await visit(web, 'https://logged.example/path?q=1');
    expect(web.requestLog()).toContainEqual(
      expect.objectContaining({
        method: 'GET',
        url: 'https://logged.example/path?q=1',
        host: 'logged.example',
        cookie: null,
        secGpc: null,
      }),
    );
  });

  it('counts every connection to the private port', async () => {
    const before = web.privateConnectionCount();
    const socket = connect(web.privatePort, '127.0.0.1');
    await once(socket, 'connect');
    while (web.privateConnectionCount() === before) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect(web.privateConnectionCount()).toBe(before + 1);
  });

  it('refuses a port that is taken, and leaves nothing running', async () => {
    await expect(startTestWeb({ httpsPort: web.httpsPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('runs beside another one', async () => {
    const other = await startTestWeb();
    expect(other.httpPort).not.toBe(web.httpPort);
    expect((await visit(other, 'https://shop.test/')).status).toBe(200);
    await other.close();
  });
});

describe('close', () => {
  it('ends unanswered requests, endless answers and open WebSockets', async () => {
    const own = await startTestWeb();
    const socket = new WebSocket(`wss://127.0.0.1:${own.httpsPort}/ticks`, {
      rejectUnauthorized: false,
      headers: { host: 'never-idle.test' },
    });
    await once(socket, 'open');
    const socketEnd = once(socket, 'close');
    const endings = ['never-answers.test', 'connection-reset.test'].map((host) =>
      visit(own, `https://${host}/`).then(
        () => 'answered',
        () => 'cut',
      ),
    );
    while (own.requestLog().length < 3) await new Promise((resolve) => setImmediate(resolve));
    await own.close();
    await socketEnd;
    expect(await Promise.all(endings)).toEqual(['cut', 'cut']);
    await expect(visit(own, 'https://shop.test/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
