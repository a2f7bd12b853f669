import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { until } from './browser-processes.test.helper.ts';
import { testSettings } from './engine-fixture.test.helper.ts';
import { sweepProfileFolders } from './browser/profile-folder.ts';

const run = promisify(execFile);

/** A program that starts an engine, says so when a scan is under way, and goes on for ever. */
function program(web: TestWeb): string {
  return `
    import { startScanEngine } from ${JSON.stringify(new URL('./scan-engine.ts', import.meta.url).href)};
    const engine = await startScanEngine(${JSON.stringify(testSettings(web))});
    void engine.scan('https://never-answers.test/', {
      params: { timeoutMs: 120000 },
      onProgress: () => console.log('scanning'),
    });
    setInterval(() => undefined, 1000);
  `;
}

/** Process ids of everything that descends from a process, itself left out. */
async function descendantsOf(ancestor: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const parents = new Map(
    stdout.split('\n').flatMap((line) => {
      const [, pid, parent] = /^\s*(\d+)\s+(\d+)/.exec(line) ?? [];
      return pid && parent ? [[Number(pid), Number(parent)] as const] : [];
    }),
  );
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (parents.get(pid) === ancestor || descends(parents.get(pid)));
  return [...parents.keys()].filter(descends);
}

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.close());

describe('a worker that is killed', () => {
  it('leaves no browser, nothing that keeps its network, and a profile folder only until the next start', async () => {
    const worker = spawn(process.execPath, ['--input-type=module', '--eval', program(web)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { pid } = worker;
    if (pid === undefined) throw new Error('the program did not start');
    await once(worker.stdout, 'data');
    const started = await descendantsOf(pid);
    expect(started.length).toBeGreaterThan(2);

    worker.kill('SIGKILL');
    await until(() => started.every((each) => !existsSync(`/proc/${each}/exe`)));

    const folders = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`cookie-scanner-profile-${pid}-`));
    expect(folders()).toHaveLength(1);
    await sweepProfileFolders();
    expect(folders()).toEqual([]);
  });
});
