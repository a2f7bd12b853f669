import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Interruption } from '@cookie-scanner/local-stack';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBaselineFile } from '../baseline/baseline-file.ts';
import type { CommandContext } from '../command-context.ts';
import { recordingTerminal } from '../testing/recording-terminal.ts';
import { scanCommand } from './scan.command.ts';

describe('scan', () => {
  let folder: string;
  let web: TestWeb;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scan-command-test-'));
    chmodSync(folder, 0o711);
    web = await startTestWeb();
  });
  afterAll(async () => {
    await web.close();
    rmSync(folder, { recursive: true });
  });

  function context(first = new AbortController().signal) {
    const terminal = recordingTerminal();
    const settings = {
      ENV_FILE: 'none',
      SCAN_HOST_RESOLVER_RULES: `MAP gone.test ~NOTFOUND,${web.hostResolverRules}`,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
    };
    const made: CommandContext = {
      rootDir: fileURLToPath(new URL('../../../..', import.meta.url)),
      dataDir: join(folder, 'data'),
      workingDir: folder,
      environment: { ...process.env, ...settings },
      terminal,
      interruptions: { first, second: new AbortController().signal, dispose: () => undefined },
    };
    return { ...made, terminal };
  }

  const leftovers = (): string[] =>
    readdirSync(join(folder, 'data')).filter((name) => name.startsWith('stack.'));

  it('prints every cookie of the site, says where the reports are and leaves nothing running', async () => {
    const made = context();
    const files = { har: true, screenshots: 'viewport', saveBaseline: 'baseline.json' } as const;
    const options = { json: false, ...files };
    const exitCode = await scanCommand('https://shop.test/', options, made);

    expect(made.terminal.written.err).toMatch(/Starting PostgreSQL and Redis[\s\S]*Loading the page/);
    const shop = web.sites.find(({ url }) => url === 'https://shop.test/');
    for (const { name } of shop?.truth.cookies ?? []) expect(made.terminal.written.out).toContain(name);
    expect(made.terminal.written.out).toMatch(/cookies were found on shop\.test/);
    const html = /Report \(HTML\): (\S+)/.exec(made.terminal.written.out)?.[1] ?? '';
    expect(readFileSync(join(folder, html), 'utf8')).toContain('shop.test');
    const har = /HAR: (\S+)/.exec(made.terminal.written.out)?.[1] ?? '';
    expect(readFileSync(join(folder, har), 'utf8')).toContain('https://shop.test/');
    expect(made.terminal.written.out).toMatch(/Screenshot: reports\/shop\.test-\S+\/screenshot-page-1\.png/);
    const baseline = readBaselineFile(join(folder, 'baseline.json'));
    expect(baseline.cookies.map(({ name }) => name)).toContain('ad_id');
    expect(baseline.findings.map(({ ruleId }) => ruleId)).toContain('cookie-before-consent');
    expect(exitCode).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('prints nothing but one JSON document when it is asked to', async () => {
    const made = context();
    const exitCode = await scanCommand('https://gone.test/', { json: true, mode: 'quick' }, made);
    const document = JSON.parse(made.terminal.written.out) as {
      scan: { status: string };
      cookies: unknown[];
    };
    expect(Object.keys(document)).toEqual([
      'scan',
      'findings',
      'metrics',
      'cookies',
      'quality',
      'baseline',
      'reports',
      'files',
    ]);
    expect(document).toMatchObject({ scan: { status: 'failed' }, cookies: [] });
    expect(made.terminal.written.err).toMatch(
      /^gone\.test could not be scanned because its name does not exist.*$/m,
    );
    expect(exitCode).toBe(3);
  });

  it('opens a site with what its profile says, as a member sees it, and tells nobody the secret', async () => {
    const site = web.sites.find(({ name }) => name === 'form-login');
    const [secret = ''] = site?.inside?.secrets ?? [];
    const access = JSON.stringify(site?.inside?.access).replace(
      JSON.stringify(secret),
      JSON.stringify({ env: 'SITE_PASSWORD' }),
    );
    writeFileSync(join(folder, 'profile.json'), `{"params": {"mode": "quick"}, "access": ${access}}`);
    const made = context();
    const environment = { ...made.environment, SITE_PASSWORD: secret };
    const options = { json: true, profile: 'profile.json' };
    expect(await scanCommand(site?.url ?? '', options, { ...made, environment })).toBe(0);

    const document = JSON.parse(made.terminal.written.out) as {
      scan: { status: string; access: string | null };
      cookies: { name: string }[];
      reports: { path: string }[];
    };
    expect(document.scan).toMatchObject({ status: 'success', access: 'set', params: { mode: 'quick' } });
    expect(document.cookies.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...(site?.inside?.behindLogin ?? ['none'])]),
    );
    const written = document.reports.map(({ path }) => readFileSync(path, 'utf8'));
    expect(written.length).toBe(2);
    for (const text of [...written, made.terminal.written.out, made.terminal.written.err]) {
      expect(text).not.toContain('hunter-4711');
    }
  });

  it('refuses bad input before anything is started', async () => {
    const made = { ...context(), dataDir: join(folder, 'untouched') };
    await expect(scanCommand('shop.test', { json: false }, made)).rejects.toMatchObject({
      code: 'URL_INVALID',
    });
    await expect(scanCommand('http://127.0.0.1/', { json: false }, made)).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    const misplaced = { json: false, saveBaseline: 'nowhere/baseline.json' };
    const missing = [{ baseline: 'missing.json' }, { profile: 'missing.json' }];
    for (const options of [...missing.map((file) => ({ json: false, ...file })), misplaced]) {
      await expect(scanCommand('https://shop.test/', options, made)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
    expect(existsSync(join(folder, 'untouched'))).toBe(false);
  });

  it.each(['Starting PostgreSQL and Redis', 'Starting the services', 'Loading the page'])(
    'stops everything in order when it is interrupted at "%s"',
    async (phrase) => {
      const interruption = new AbortController();
      const made = context(interruption.signal);
      const err = made.terminal.err.bind(made.terminal);
      made.terminal.err = (text) => {
        err(text);
        if (text.includes(phrase)) interruption.abort(new Interruption('SIGINT'));
      };
      await expect(scanCommand('https://shop.test/', { json: false }, made)).rejects.toMatchObject({
        exitCode: 130,
      });
      expect(leftovers()).toEqual([]);
    },
  );
});
