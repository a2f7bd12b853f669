import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBrowserExecutable } from '@cookie-scanner/scan-engine';
import { reportInput } from '../report-input.test.fixture.ts';
import { compileHtmlReport } from './html-report.ts';

const run = promisify(execFile);
const render = compileHtmlReport();

/** What the policy of the page forbids; taken out only where a test needs a script of its own. */
const POLICY = /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/;

describe('the HTML report in a real browser', () => {
  let folder: string;
  let sink: Server;
  const reached: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    sink = createServer((request, response) => {
      reached.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(sink, 'listening');
  });
  afterAll(async () => {
    sink.closeAllConnections();
    sink.close();
    await rm(folder, { recursive: true });
  });

  /** Opens a page in a browser whose every request ends in the sink; returns the document as it is after its scripts. */
  async function open(html: string, width: number): Promise<string> {
    const browser = findBrowserExecutable();
    if (browser === null) throw new Error('no Chromium was found; run the tests with npm test');
    const file = join(folder, 'report.html');
    await writeFile(file, html);
    const { port } = sink.address() as AddressInfo;
    const { stdout } = await run(
      browser,
      [
        // The page under test is our own file, and a browser that runs as root has no sandbox.
        ...['--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`],
        `--host-resolver-rules=MAP * 127.0.0.1:${port}`,
        ...[
          '--hide-scrollbars',
          '--virtual-time-budget=2000',
          `--window-size=${width},900`,
          '--dump-dom',
          `file://${file}`,
        ],
      ],
      { maxBuffer: 32 * 1_024 * 1_024 },
    );
    return stdout;
  }

  it('runs nothing and asks for nothing, whatever the site called its cookies', async () => {
    const document = await open(render(reportInput('hostile')), 1_280);
    expect(document).toContain('&lt;script&gt;alert(6)&lt;/script&gt;');
    expect(document.match(/<script/g)).toBeNull();
    expect(reached).toEqual([]);
  });

  it('would be seen asking, if it did', async () => {
    await open('<img src="http://sink.example/seen.png">', 1_280);
    expect(reached).toContain('sink.example/seen.png');
  });

  it.each([
    ['shop', 390],
    ['shop', 1_280],
    ['hostile', 390],
    ['deadline', 390],
  ] as const)('fits a window without scrolling sideways (%s, %d px)', async (name, width) => {
    const measure = `<script>
      for (const details of document.querySelectorAll('details')) details.open = true;
      document.title = [document.documentElement.scrollWidth, innerWidth].join(' of ');
    </script>`;
    const html = render(reportInput(name)).replace(POLICY, '').replace('</body>', `${measure}</body>`);
    const title = /<title>(.*)<\/title>/.exec(await open(html, width))?.[1];
    expect(title).toBe(`${width} of ${width}`);
  });
});
