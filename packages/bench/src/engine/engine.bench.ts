import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findBrowserExecutable } from '@cookie-scanner/scan-engine';
import { generateOrdinarySites } from '@cookie-scanner/test-web';
import { CONTESTANTS, type ContestantName } from './contestants.ts';
import { memoryRace } from './memory-race.ts';
import { race, type RaceResult } from './race.ts';

const SEED = 7;

/**
 * Compares the engine with bare Puppeteer over generated ordinary sites, in one run and with the same browser, and
 * prints a row for each and the ratios that matter. Contestants take turns, so that whatever else the machine does
 * meets all of them; rows are medians of the rounds.
 *
 * Options: `--sites 40`, `--concurrency 1,2,4,8`, `--only "engine,bare load"`, `--rounds 1`. `--memory 500` visits so many sites with
 * the engine alone and prints its memory along the way.
 */
export async function engineBench(args: readonly string[], write: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sites: { type: 'string', default: '40' },
      concurrency: { type: 'string', default: '1,2,4,8' },
      only: { type: 'string', default: ['engine', 'bare load', 'bare idle'].join(',') },
      rounds: { type: 'string', default: '1' },
      memory: { type: 'string' },
    },
  });
  const executablePath = process.env['SCAN_BROWSER_EXECUTABLE'] ?? findBrowserExecutable();
  if (!executablePath) throw new Error('No Chromium is installed; set SCAN_BROWSER_EXECUTABLE.');
  const names = values.only.split(',').filter((name): name is ContestantName => name in CONTESTANTS);
  const sites = generateOrdinarySites(Number(values.memory ?? values.sites), SEED);
  const web = await serveSites(sites.length);
  const results: RaceResult[] = [];
  try {
    write(`${sites.length} sites, ${executablePath}`);
    const arena = { executablePath, hostResolverRules: web.hostResolverRules };
    const leaveOut = new Set([web.server.pid ?? 0]);
    if (values.memory !== undefined) {
      await memoryRace(sites, arena, leaveOut, write);
      return;
    }
    write('contestant        at once  sites/min  CPU s/site  peak MiB  recall');
    for (const concurrency of values.concurrency.split(',').map(Number)) {
      const rounds: RaceResult[] = [];
      for (let round = 0; round < Number(values.rounds); round += 1)
        for (const name of names) rounds.push(await race(name, concurrency, sites, arena, leaveOut));
      for (const name of names) {
        const result = medianOf(rounds.filter(({ contestant }) => contestant === name));
        results.push(result);
        write(row(result));
      }
    }
  } finally {
    web.server.kill('SIGTERM');
    await once(web.server, 'exit');
  }
  for (const line of ratios(results)) write(line);
}

/** Each figure's median; the worst recall, because a cookie missed once is a cookie missed. */
function medianOf(results: readonly RaceResult[]): RaceResult {
  const [first] = results;
  if (!first) throw new Error('no round was run');
  const median = (figure: (result: RaceResult) => number): number =>
    results.map(figure).sort((a, b) => a - b)[Math.floor((results.length - 1) / 2)] ?? Number.NaN;
  return {
    ...first,
    sitesPerMinute: median(({ sitesPerMinute }) => sitesPerMinute),
    cpuSecondsPerSite: median(({ cpuSecondsPerSite }) => cpuSecondsPerSite),
    peakMemoryBytes: median(({ peakMemoryBytes }) => peakMemoryBytes),
    recall: Math.min(...results.map(({ recall }) => recall)),
  };
}

/** The sites are served by another process, so that their cost is not counted. */
async function serveSites(count: number): Promise<{ server: ChildProcess; hostResolverRules: string }> {
  const script = fileURLToPath(import.meta.resolve('@cookie-scanner/test-web/serve'));
  const server = spawn(process.execPath, [script, '--ordinary', String(count), '--seed', String(SEED)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { hostResolverRules } = JSON.parse(line) as { hostResolverRules: string };
  return { server, hostResolverRules };
}

function row(result: RaceResult): string {
  return [
    result.contestant.padEnd(16),
    String(result.concurrency).padStart(8),
    result.sitesPerMinute.toFixed(1).padStart(10),
    result.cpuSecondsPerSite.toFixed(3).padStart(11),
    (result.peakMemoryBytes / 2 ** 20).toFixed(0).padStart(9),
    `${(result.recall * 100).toFixed(1)} %`.padStart(8),
  ].join(' ');
}

/** The comparisons that the project promises, as far as this run has the rows for them. */
function ratios(results: readonly RaceResult[]): string[] {
  const rows = (name: ContestantName): RaceResult[] =>
    results.filter(({ contestant }) => contestant === name);
  const best = (name: ContestantName): RaceResult | undefined =>
    rows(name).sort((a, b) => b.sitesPerMinute - a.sitesPerMinute)[0];
  const single = (name: ContestantName): RaceResult | undefined =>
    rows(name).find(({ concurrency }) => concurrency === 1);
  const lines: string[] = [];
  const compare = (text: string, a: number | undefined, b: number | undefined, target: string): void => {
    if (a !== undefined && b !== undefined) lines.push(`${text}: ${(a / b).toFixed(2)} (${target})`);
  };
  compare(
    'sites/min against bare idle, one at a time',
    single('engine')?.sitesPerMinute,
    single('bare idle')?.sitesPerMinute,
    'at least 5',
  );
  compare(
    'best sites/min against the best of bare load',
    best('engine')?.sitesPerMinute,
    best('bare load')?.sitesPerMinute,
    'at least 0.8',
  );
  compare(
    'CPU per site against bare load, each at its best',
    best('engine')?.cpuSecondsPerSite,
    best('bare load')?.cpuSecondsPerSite,
    'at most 1.4',
  );
  return lines;
}
