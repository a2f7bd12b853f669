import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('..', import.meta.url));
const file = `${folder}/readme-example-${process.pid}.ts`;

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(async () => {
  await web.close();
  await rm(file, { force: true });
});

describe('the example of the README', () => {
  it('runs as it stands there, and prints the cookies of a site with their setters', async () => {
    const readme = await readFile(`${folder}/README.md`, 'utf8');
    const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    // Only what it scans, and where names lead, differs here.
    const adapted = example
      .replace('https://example.com/', 'https://shop.test/')
      .replace("hostResolverRules: ''", `hostResolverRules: '${web.hostResolverRules}'`)
      .replace('ignoreCertificateErrors: false', 'ignoreCertificateErrors: true')
      .replace('allowNoSandbox: false', 'allowNoSandbox: true');
    await writeFile(file, adapted);
    const { stdout } = await run(process.execPath, [file], { cwd: folder });
    expect(stdout).toContain('session shop.test http https://shop.test/\n');
    expect(stdout.trim().split('\n')).toHaveLength(5);
  });
});
