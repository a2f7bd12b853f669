import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { constants, gunzipSync } from 'node:zlib';

const SITES = 12;
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let web: TestWeb;
let folder: string;
beforeAll(async () => {
  web = await startTestWeb();
  folder = mkdtempSync(join(tmpdir(), 'crawl-killed-test-'));
});
afterAll(async () => {
  await web.close();
  rmSync(folder, { recursive: true });
});

/** Starts the command as a user does. */
function start(output: string): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [main, 'crawl', '--input', 'urls.txt', '--output', output], {
    cwd: folder,
    env: {
      ...process.env,
      ENV_FILE: 'none',
      SCAN_HOST_RESOLVER_RULES: web.hostResolverRules,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
      SCAN_ALLOW_NO_SANDBOX: 'true',
      SCAN_CONCURRENCY: '2',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  return { child, said: () => said };
}

async function untilThereIsSomething(path: string): Promise<void> {
  while (!existsSync(path) || statSync(path).size === 0) await pause(20);
}

function requestedUrls(output: string): string[] {
  const bytes = readFileSync(join(folder, output));
  const text = output.endsWith('.gz') ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  return text
    .toString()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { requestedUrl: string }).requestedUrl);
}

describe('a crawl that is killed', () => {
  it.each(['killed.ndjson', 'killed.ndjson.gz'])(
    'goes on where it was, without losing or repeating a line of %s',
    async (output) => {
      const urls = Array.from({ length: SITES }, (_, index) => `https://plain.test/?${index}`);
      writeFileSync(join(folder, 'urls.txt'), urls.join('\n'));
      const first = start(output);
      await untilThereIsSomething(join(folder, output));
      first.child.kill('SIGKILL');
      await once(first.child, 'close');
      const kept = requestedUrls(output);
      expect(kept.length).toBeLessThan(SITES);

      const second = start(output);
      const [exitCode] = (await once(second.child, 'close')) as [number];
      expect([exitCode, second.said()]).toEqual([
        0,
        expect.stringContaining(`${kept.length} had a result already`),
      ]);
      expect(requestedUrls(output).slice(0, kept.length)).toEqual(kept);
      expect(requestedUrls(output).sort()).toEqual([...urls].sort());
    },
  );

  it('ends in order when it is asked to, with whole lines and nothing left running', async () => {
    const { child, said } = start('asked.ndjson');
    await untilThereIsSomething(join(folder, 'asked.ndjson'));
    child.kill('SIGINT');
    const [exitCode] = (await once(child, 'close')) as [number];
    expect([exitCode, said()]).toEqual([
      130,
      expect.stringContaining('Interrupted; nothing is left running.'),
    ]);
    expect(requestedUrls('asked.ndjson').length).toBeGreaterThan(0);
  });
});
