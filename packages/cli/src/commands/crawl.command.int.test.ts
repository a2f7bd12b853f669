import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { Interruption } from '@cookie-scanner/local-stack';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { recordingTerminal } from '../testing/recording-terminal.ts';
import { crawlCommand, type CrawlCommandOptions } from './crawl.command.ts';

describe('crawl', () => {
  let folder: string;
  let web: TestWeb;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crawl-command-test-'));
    web = await startTestWeb();
  });
  afterAll(async () => {
    await web.close();
    rmSync(folder, { recursive: true });
  });

  async function crawl(
    options: Partial<CrawlCommandOptions>,
    first = new AbortController().signal,
    variables: Readonly<Record<string, string>> = {},
  ) {
    const terminal = recordingTerminal();
    const settings = {
      ENV_FILE: 'none',
      SCAN_HOST_RESOLVER_RULES: web.hostResolverRules,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
    };
    const exitCode = crawlCommand(
      {
        input: 'urls.txt',
        output: 'out.ndjson',
        concurrency: 2,
        ...options,
      },
      {
        rootDir: fileURLToPath(new URL('../../../..', import.meta.url)),
        dataDir: join(folder, 'data'),
        workingDir: folder,
        environment: { ...process.env, ...settings, ...variables },
        terminal,
        interruptions: { first, second: new AbortController().signal, dispose: () => undefined },
      },
    );
    return { exitCode: await exitCode, ...terminal.written };
  }

  const observations = (text: string): SiteObservation[] =>
    text
      .trim()
      .split('\n')
      .map((line) => siteObservationSchema.parse(JSON.parse(line)));
  const results = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('writes one observation a site, refuses what must not be scanned, and goes on where it was', async () => {
    writeFileSync(join(folder, 'urls.txt'), '# shops\nhttps://shop.test/\n\nhttp://10.0.0.1/\nnot a url\n');
    const first = await crawl({});
    expect(first.exitCode).toBe(0);
    expect(first.out).toBe('');
    expect(first.err).toMatch(/Scanned 3 sites in .*: 1 complete, 0 in part, 0 blocked, 2 failed\.\n$/);
    const byUrl = new Map(observations(results('out.ndjson')).map((one) => [one.requestedUrl, one]));
    expect(byUrl.get('https://shop.test/')).toMatchObject({ status: 'success' });
    expect(byUrl.get('https://shop.test/')?.cookies.length).toBeGreaterThan(0);
    expect(byUrl.get('http://10.0.0.1/')).toMatchObject({
      status: 'failed',
      statusReason: 'address_not_allowed',
    });
    expect(byUrl.get('not a url')).toMatchObject({ status: 'failed', statusReason: 'url_invalid' });
    expect(byUrl.get('not a url')?.quality.notes.join()).toMatch(/^Line 5 of the list: /);

    writeFileSync(join(folder, 'urls.txt'), 'https://shop.test/\nhttps://plain.test/\n');
    const second = await crawl({});
    expect(second.err).toMatch(/Scanned 1 site in .*1 had a result already\.\n$/);
    expect(observations(results('out.ndjson'))).toHaveLength(4);
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('writes to standard output when it is asked to', async () => {
    writeFileSync(join(folder, 'one.txt'), 'https://plain.test/\n');
    const { out } = await crawl({ input: 'one.txt', output: '-' });
    expect(observations(out).map(({ requestedUrl }) => requestedUrl)).toEqual(['https://plain.test/']);
  });

  it('keeps whole lines only when it is interrupted', async () => {
    const interruption = new AbortController();
    writeFileSync(join(folder, 'many.txt'), web.sites.map(({ url }) => url).join('\n'));
    interruption.abort(new Interruption('SIGINT'));
    const crawling = crawl({ input: 'many.txt', output: 'many.ndjson' }, interruption.signal);
    await expect(crawling).rejects.toMatchObject({ exitCode: 130 });
    expect(results('many.ndjson')).toBe('');
  });

  it('compresses by name, and keeps pictures and records of requests beside the output', async () => {
    writeFileSync(join(folder, 'two.txt.gz'), gzipSync('https://plain.test/\nhttps://shop.test/\n'));
    const options = {
      input: 'two.txt.gz',
      output: 'two.ndjson.gz',
      har: true,
      screenshots: 'viewport',
    } as const;
    await crawl(options);
    const text = gunzipSync(readFileSync(join(folder, 'two.ndjson.gz'))).toString();
    const files = observations(text).flatMap((one) => one.files);
    expect(files.map(({ name }) => name).sort()).toEqual([
      ...['requests.har', 'requests.har', 'screenshot-page-1.png', 'screenshot-page-1.png'],
    ]);
    for (const { reference, sizeBytes } of files) {
      expect(reference).toMatch(/^two\.files\/(plain|shop)\.test-/);
      expect(statSync(join(folder, reference)).size).toBe(sizeBytes);
    }
    expect((await crawl(options)).err).toContain('Scanned 0 sites in 0 seconds: 0 complete');
  });

  it('opens a site with what its profile says, and tells nobody', async () => {
    const profile = {
      params: { mode: 'quick' },
      access: { httpCredentials: { username: 'ann', password: { env: 'GATE_PASSWORD' } } },
    };
    writeFileSync(join(folder, 'profile.json'), JSON.stringify(profile));
    writeFileSync(join(folder, 'gate.txt'), 'https://basic-gate.test/\n');
    const password = 'pass-4711:with/odd+signs';
    const options = { input: 'gate.txt', output: 'gate.ndjson', profile: 'profile.json' };
    const { err, out } = await crawl(options, undefined, { GATE_PASSWORD: password });
    const [observation] = observations(results('gate.ndjson'));
    expect(observation).toMatchObject({ status: 'success', access: { httpAuthentication: 'given' } });
    expect([results('gate.ndjson'), err, out].join()).not.toContain(password);

    writeFileSync(join(folder, 'many-hosts.txt'), 'https://basic-gate.test/\nhttps://evil.test/\n');
    await expect(
      crawl({ ...options, input: 'many-hosts.txt' }, undefined, { GATE_PASSWORD: password }),
    ).rejects.toThrow('which every site of the list could ask for');
  });

  it('says which folder is not there', async () => {
    writeFileSync(join(folder, 'one.txt'), 'https://plain.test/\n');
    await expect(crawl({ input: 'one.txt', output: 'no/such/out.ndjson' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `The folder ${join(folder, 'no/such')} does not exist; make it, or give another --output.`,
    });
  });

  it('says which file it cannot read', async () => {
    await expect(crawl({ input: 'missing.txt' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `${join(folder, 'missing.txt')} cannot be read; give a file with one URL a line as --input.`,
    });
  });
});
