import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseHostRules } from '@cookie-scanner/url-policy';
import { readCookieJar } from '../collectors/cookie-jar.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import { openEgressGateway } from '../egress/egress-gateway.ts';
import { createBrowserContext } from './browser-context.ts';
import type { CDPSession } from './cdp.ts';
import type { RunningBrowser } from './launch-browser.ts';
import type { AttachedTarget, TargetAttacher } from './target-attacher.ts';

const LIMIT_MS = 5_000;
const COOKIE_NAME = 'third-party-self-test';

/**
 * Tries out whether this browser stores third-party cookies: a page on one site shows an image of another, which
 * sets one. Names below `localhost` count as secure and as sites of their own, so that no certificate is needed.
 *
 * @returns `untested` when the try itself did not work
 */
export async function testThirdPartyCookies(
  browser: Pick<RunningBrowser, 'root' | 'openDoor'>,
  attacher: TargetAttacher,
): Promise<'allowed' | 'blocked' | 'untested'> {
  const server = createServer((request, response) => {
    if (request.url === '/pixel') response.setHeader('Set-Cookie', `${COOKIE_NAME}=1; SameSite=None; Secure`);
    response.setHeader('Content-Type', request.url === '/pixel' ? 'image/gif' : 'text/html');
    response.end(request.url === '/page' ? `<img src="http://third.localhost:${portOf(server)}/pixel">` : '');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const gateway = await openEgressGateway(
    {
      hostRules: parseHostRules(''),
      allowPrivateNetworks: true,
      resolver: { resolve: async () => await Promise.resolve({ ok: false, reason: 'not_found' }) },
    },
    { bytesMax: 1_000_000, connectionsMax: 20, connectTimeoutMs: LIMIT_MS },
    browser,
  );
  try {
    return await tryOut(
      browser.root,
      attacher,
      gateway.browserPort,
      `http://first.localhost:${portOf(server)}/page`,
    );
  } finally {
    await gateway.close();
    server.closeAllConnections();
    server.close();
  }
}

async function tryOut(
  root: CDPSession,
  attacher: TargetAttacher,
  egressPort: number,
  pageUrl: string,
): Promise<'allowed' | 'blocked' | 'untested'> {
  let onPage: (target: AttachedTarget) => void = () => undefined;
  const attached = new Promise<AttachedTarget>((resolve) => {
    onPage = resolve;
  });
  const context = await createBrowserContext(root, attacher, egressPort, {
    attached: (target) => onPage(target),
    detached: () => undefined,
  });
  try {
    await context.openPage();
    const page = await within(attached, LIMIT_MS);
    if (page === TIMED_OUT) return 'untested';
    const loaded = new Promise<boolean>((resolve) =>
      page.session.once('Page.loadEventFired', () => resolve(true)),
    );
    await page.session.send('Page.enable');
    const { errorText } = await page.session.send('Page.navigate', { url: pageUrl });
    if (errorText || (await within(loaded, LIMIT_MS)) === TIMED_OUT) return 'untested';
    const jar = await readCookieJar(root, context.id);
    return jar.some(({ name }) => name === COOKIE_NAME) ? 'allowed' : 'blocked';
  } catch {
    return 'untested'; // The verdict is stamped on every scan, so nothing is hidden by going on.
  } finally {
    await context.dispose();
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
