import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { answer, page, testSite } from './test-site.test.helper.ts';

const AT_ONCE = 6;
/** Longer than the clocks of the other frames need for all their time. */
const THINK_MS = 1_200;

/** A page with nothing to do, whose frame in another process asks late and sets a cookie once it is answered. */
function lateSite(number: number): Site {
  const name = `late-answers-${number}`;
  const cookie = `by_answer=1; Path=/; SameSite=None; Secure`;
  return testSite(name, {
    '/': page(`<iframe src="https://${name}-elsewhere.test/frame"></iframe>`),
    [`${name}-elsewhere.test/frame`]: page(`<script>
      setTimeout(async () => {
        await (await fetch('/slow')).text();
        document.cookie = '${cookie}';
        setTimeout(() => { document.cookie = '${cookie.replace('by_answer', 'after_answer')}'; }, 1000);
      }, 25000);
    </script>`),
    [`${name}-elsewhere.test/slow`]: async (exchange) => {
      await new Promise((resolve) => setTimeout(resolve, THINK_MS));
      await answer('text/plain', 'late')(exchange);
    },
  });
}

/** A body that nobody reads keeps a request open for ever; the timers of the page must pass all the same. */
const unread = testSite('unread-answer', {
  '/': page(`<script>
    fetch('/large');
    setTimeout(() => { document.cookie = 'by_timer=1'; }, 20000);
  </script>`),
  '/large': answer('text/plain', 'x'.repeat(5_000_000)),
});

const sites = Array.from({ length: AT_ONCE }, (_each, index) => lateSite(index));

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [...sites, unread] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('a page whose life is over', () => {
  it('is not left while an answer is on its way in another frame, however many scans run at once', async () => {
    const observations = await Promise.all(
      sites.map(async ({ url }) => await scanSite(engine, url, { timeoutMs: 60_000 })),
    );
    const seen = observations.map(({ cookies }) => cookies.map(({ name }) => name).sort());
    expect(seen).toEqual(sites.map(() => ['after_answer', 'by_answer']));
  });
});

describe('a page that reads no answer', () => {
  it('lives through its timers', async () => {
    const { cookies } = await scanSite(engine, unread.url, { timeoutMs: 60_000 });
    expect(cookies.map(({ name }) => name)).toEqual(['by_timer']);
  });
});
