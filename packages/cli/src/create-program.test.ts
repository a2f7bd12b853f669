import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommanderError } from 'commander';
import type { AuditVerifyCommandOptions } from './commands/audit-verify.command.ts';
import type { CrawlCommandOptions } from './commands/crawl.command.ts';
import type { ReanalyseCommandOptions } from './commands/reanalyse.command.ts';
import type { ScanCommandOptions } from './commands/scan.command.ts';
import { createProgram } from './create-program.ts';

describe('command line', () => {
  const scan = jest.fn<(url: string, options: ScanCommandOptions) => Promise<number>>();
  const start = jest.fn<() => Promise<number>>();
  const crawl = jest.fn<(options: CrawlCommandOptions) => Promise<number>>();
  const reanalyse = jest.fn<(options: ReanalyseCommandOptions) => Promise<number>>();
  const auditVerify = jest.fn<(options: AuditVerifyCommandOptions) => Promise<number>>();
  const resetLink = jest.fn<(email: string) => Promise<number>>();
  let exitCode: number;
  let complaint: string;

  async function run(...args: string[]): Promise<void> {
    const program = createProgram(
      { scan, start, crawl, reanalyse, auditVerify, resetLink },
      (code) => (exitCode = code),
    );
    const commands = [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)];
    for (const command of commands) {
      command.exitOverride().configureOutput({ writeErr: (text) => (complaint += text) });
    }
    await program.parseAsync(args, { from: 'user' });
  }

  beforeEach(() => {
    for (const handler of [scan, start, crawl, reanalyse, auditVerify, resetLink])
      handler.mockReset().mockResolvedValue(0);
    exitCode = -1;
    complaint = '';
  });

  it('hands over what was asked for and passes the exit code on', async () => {
    scan.mockResolvedValue(3);
    await run('scan', 'https://a.test/', '--json', '--mode', 'deep', '--timeout-ms', '9000');
    expect(scan.mock.calls[0]?.slice(0, 2)).toEqual([
      'https://a.test/',
      expect.objectContaining({ json: true, mode: 'deep', timeoutMs: 9_000 }),
    ]);
    expect(exitCode).toBe(3);
  });

  it('leaves the choice of mode and limit to the platform when nothing was said', async () => {
    await run('scan', 'https://a.test/');
    expect(scan.mock.calls[0]?.[1]).toEqual({ json: false });
  });

  it('hands over how the visitor looks', async () => {
    const visitor = ['--device', 'phone', '--viewport', '360x740', '--locale', 'de-DE'];
    await run(
      'scan',
      'https://a.test/',
      ...visitor,
      '--time-zone',
      'Europe/Berlin',
      '--user-agent',
      'Test/1.0',
    );
    expect(scan.mock.calls[0]?.[1]).toEqual({
      json: false,
      device: 'phone',
      viewport: { width: 360, height: 740 },
      locale: 'de-DE',
      timeZone: 'Europe/Berlin',
      userAgent: 'Test/1.0',
    });
  });

  it.each(['scan', 'crawl'])('hands over which pages a %s visits', async (command) => {
    const target = command === 'scan' ? ['https://a.test/'] : ['--input', 'a', '--output', 'b'];
    const limits = ['--pages-max', '40', '--depth-max', '0', '--samples-per-pattern-max', '3'];
    await run(command, ...target, ...limits, '--robots', 'ignore', '--jar', 'isolated');
    const options = command === 'scan' ? scan.mock.calls[0]?.[1] : crawl.mock.calls[0]?.[0];
    expect(options).toMatchObject({
      pagesMax: 40,
      depthMax: 0,
      samplesPerPatternMax: 3,
      robots: 'ignore',
      jar: 'isolated',
    });
  });

  it('hands over what a build wants of a scan', async () => {
    await run('scan', 'https://a.test/', '--fail-on', 'high', '--sarif', 'out.sarif');
    expect(scan.mock.calls[0]?.[1]).toEqual({ json: false, failOn: 'high', sarif: 'out.sarif' });
    await run('scan', 'https://a.test/', '--baseline', 'a.json', '--save-baseline', 'b.json');
    expect(scan.mock.calls[1]?.[1]).toEqual({ json: false, baseline: 'a.json', saveBaseline: 'b.json' });
    await run('scan', 'https://a.test/', '--profile', 'p.json');
    expect(scan.mock.calls[2]?.[1]).toEqual({ json: false, profile: 'p.json' });
  });

  it('judges again what the platform has, or a file', async () => {
    await run('reanalyse');
    await run('reanalyse', '--input', 'out.ndjson', '--output', '-');
    expect(reanalyse.mock.calls.map(([options]) => options)).toEqual([
      {},
      { input: 'out.ndjson', output: '-' },
    ]);
  });

  it('makes a link for whoever forgot their password', async () => {
    await run('account', 'reset-link', 'ada@example.org');
    expect(resetLink.mock.calls).toEqual([['ada@example.org']]);
  });

  it('checks the audit log against what was kept of it', async () => {
    await run('audit', 'verify', '--anchors', 'a', 'b', '--public-key', 'k');
    expect(auditVerify.mock.calls).toEqual([[{ anchors: ['a', 'b'], publicKey: ['k'] }]]);
  });

  it('takes standard streams for files of a crawl', async () => {
    await run('crawl', '--input', '-', '--output', '-', '--concurrency', '4');
    expect(crawl.mock.calls[0]?.[0]).toMatchObject({
      input: '-',
      output: '-',
      concurrency: 4,
    });
  });

  it('leaves what nobody said about a crawl to its profile', async () => {
    await run('crawl', '--input', 'a', '--output', 'b', '--profile', 'p.json');
    expect(crawl.mock.calls[0]?.[0]).toEqual({ input: 'a', output: 'b', profile: 'p.json' });
    await run(
      ...['crawl', '--input', 'a', '--output', 'b', '--har', '--screenshots', '--mode', 'deep'],
      '--skip-media-bodies',
    );
    expect(crawl.mock.calls[1]?.[0]).toEqual({
      ...{ input: 'a', output: 'b', har: true, screenshots: 'viewport', mode: 'deep' },
      skipMediaBodies: true,
    });
    await run('crawl', '--input', 'a', '--output', 'b', '--screenshots', 'full');
    expect(crawl.mock.calls[2]?.[0]).toMatchObject({ screenshots: 'full' });
  });

  it.each([
    [['scan']],
    [['scan', 'https://a.test/', 'https://b.test/']],
    [['scan', 'https://a.test/', '--mode', 'fast']],
    [['scan', 'https://a.test/', '--timeout-ms', '1']],
    [['scan', 'https://a.test/', '--timeout-ms', 'soon']],
    [['scan', 'https://a.test/', '--device', 'watch']],
    [['scan', 'https://a.test/', '--viewport', '360']],
    [['scan', 'https://a.test/', '--viewport', '1x1']],
    [['scan', 'https://a.test/', '--locale', 'klingon']],
    [['scan', 'https://a.test/', '--time-zone', '+02:00']],
    [['scan', 'https://a.test/', '--user-agent', '']],
    [['scan', 'https://a.test/', '--pages-max', '0']],
    [['scan', 'https://a.test/', '--pages-max', '1e2']],
    [['scan', 'https://a.test/', '--depth-max', '11']],
    [['scan', 'https://a.test/', '--samples-per-pattern-max', '-1']],
    [['scan', 'https://a.test/', '--robots', 'obey']],
    [['crawl', '--input', 'a', '--output', 'b', '--jar', 'shared']],
    [['scan', 'https://a.test/', '--fail-on', 'bad']],
    [['scan', 'https://a.test/', '--sarif']],
    [['reanalyse', 'file']],
    [['account', 'reset-link']],
    [['audit', 'verify', 'everything']],
    [['audit', 'verify', '--anchors']],
    [['scan', '--what']],
    [['crawl', '--input', 'a']],
    [['crawl', '--input', 'a', '--output', 'b', '--concurrency', '0']],
    [['crawl', '--input', 'a', '--output', 'b', '--screenshots', 'none']],
    [['sacn', 'https://a.test/']],
  ])('refuses %j with one sentence', async (args) => {
    await expect(run(...args)).rejects.toBeInstanceOf(CommanderError);
    expect(complaint.trim()).toMatch(/^error: [^\n]+(\n\(Did you mean [^\n]+\))?$/);
    for (const handler of [scan, start, crawl, reanalyse, auditVerify])
      expect(handler).not.toHaveBeenCalled();
  });
});
