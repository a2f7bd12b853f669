import { findBrowserExecutable } from '@cookie-scanner/scan-engine';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { launch, type Browser, type Page } from 'puppeteer';
import { PROBLEM_TYPE } from './http/problem.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

// Swagger UI is 1.7 MB of script, which a busy machine takes its time to run.
jest.setTimeout(180_000);

const used = useTestGateway();
let browser: Browser;

beforeAll(async () => {
  const executablePath = findBrowserExecutable();
  if (executablePath === null) throw new Error('no Chromium was found; run the tests with npm test');
  // The page under test is our own, and a browser that runs as root has no sandbox.
  browser = await launch({ executablePath, args: ['--no-sandbox'] });
});
afterAll(() => browser.close());

/** What a page asked for, and what its browser complained about, such as what its policy forbids. */
function listenTo(page: Page): { origins: Set<string>; complaints: string[] } {
  const origins = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin);
  });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(String(error)));
  return { origins, complaints };
}

describe('the page of the API', () => {
  it('shows operations on every screen, breaks none of its policy, and asks nobody else for anything', async () => {
    const page = await browser.newPage();
    const heard = listenTo(page);
    const answer = await page.goto(`${used.gateway.url}/docs#/Scans/createScan`);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    await page.waitForSelector('#operations-Scans-createScan .opblock-body');
    const text = await page.evaluate('document.body.innerText');
    for (const word of ['/scans', 'Idempotency-Key', 'Workspaces']) expect(text).toContain(word);
    // Which it would say of a document that refers to what it does not have.
    expect(text).not.toContain('Could not resolve');

    await page.setViewport({ width: 390, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.waitForSelector('html.dark-mode');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect([...heard.origins]).toEqual([new URL(used.gateway.url).origin]);
    expect(heard.complaints).toEqual([]);
  });

  it('loosens the policy of nothing else', async () => {
    const answer = await used.gateway.fetch('/profiles');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    const missing = await used.gateway.fetch('/docs/package.json');
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, PROBLEM_TYPE]);
  });
});
