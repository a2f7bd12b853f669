import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDeadline } from '../deadline.ts';
import { openEgressGateway, type EgressGateway } from '../egress/egress-gateway.ts';
import { openTestEnvironment, testParams, type TestEnvironment } from '../engine-fixture.test.helper.ts';
import { openPage, type PageDriver } from '../page/page-visit.ts';
import { openScanSession, type ScanSession } from '../scan-session.ts';
import { page, testSite } from '../test-site.test.helper.ts';
import { planVisitor } from '../visitor/visitor.ts';

const LIMITS = { bytesMax: 1_000_000, connectionsMax: 1_000, connectTimeoutMs: 5_000 };

/** Tries to get out when it is told to, and says for each try how that ended. */
const site = testSite('closed-gateway', {
  '/': page(`<script>
    const image = (url) => new Promise((resolve) => {
      const element = new Image();
      element.onload = () => resolve('reached');
      element.onerror = () => resolve('failed');
      element.src = url;
    });
    const socket = (url) => new Promise((resolve) => {
      const opened = new WebSocket(url.replace('http', 'ws'));
      opened.onopen = () => resolve('reached');
      opened.onerror = () => resolve('failed');
    });
    const request = (url) => fetch(url, { mode: 'no-cors' }).then(() => 'reached', () => 'failed');
    window.tryToGetOut = (urls) => Promise.all(urls.flatMap((url) => [image(url), socket(url), request(url)]));
  </script>`),
});

let web: TestWeb;
let environment: TestEnvironment;
let gateway: EgressGateway;
let session: ScanSession;
let driver: PageDriver;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
  environment = await openTestEnvironment(web);
  gateway = await openEgressGateway(environment.egressPolicy, LIMITS, environment.browser);
  session = await openScanSession(environment, gateway.browserPort, planVisitor(testParams(), environment));
  driver = await openPage(session);
  await driver.navigate(site.url.replace('https', 'http'), startDeadline(20_000));
});
afterAll(async () => {
  await session.dispose();
  await gateway.close();
  await environment.browser.close();
  await web.close();
});

/** Lets the page try; its own clock does not matter. */
async function tryToGetOut(urls: readonly string[]): Promise<unknown> {
  const expression = `tryToGetOut(${JSON.stringify(urls)})`;
  const answer = await driver.target.session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  return answer.result.value;
}

describe('a page whose gateway is closed under it', () => {
  it('has no other way out: neither to the web nor to the private network', async () => {
    const own = 'http://closed-gateway.test/';
    expect(await tryToGetOut([own])).toContain('reached');
    const requests = web.requestLog().length;
    await gateway.close();

    const urls = [
      own,
      'http://tracker.test/',
      ...['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${web.privatePort}/`),
    ];
    const results = await tryToGetOut(urls);
    expect(results).toEqual(urls.flatMap(() => ['failed', 'failed', 'failed']));
    expect(web.privateConnectionCount()).toBe(0);
    expect(web.requestLog()).toHaveLength(requests);
  });
});
