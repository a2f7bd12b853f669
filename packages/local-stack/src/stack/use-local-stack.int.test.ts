import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identifyProcess } from '../process-identity.mjs';
import { freePort } from '../machine/ports.ts';
import { readLedger } from '../programs/ledger.ts';
import { SERVICES } from '../services/service-catalog.ts';
import { runScript, type ScriptProcess } from '../testing/run-script.ts';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { until } from '../testing/until.ts';
import { useLocalStack, type StackUse } from './use-local-stack.ts';

const rootDir = fileURLToPath(new URL('../../../..', import.meta.url));
const never = new AbortController().signal;

describe('the stack of one checkout', () => {
  let folder: ReturnType<typeof scratchFolder>;
  let owner: ScriptProcess;
  let ownerUrl: string;

  const use = async (
    settings: Record<string, string> = {},
    purpose: 'scan' | 'start' = 'scan',
  ): Promise<StackUse> =>
    useLocalStack({
      purpose,
      rootDir,
      dataDir: folder.path,
      environment: { ...process.env, ENV_FILE: 'none', ...settings },
      onProgress: () => undefined,
      signal: never,
    });

  /** Another process that starts the stack and releases it when it is told to. */
  async function startOwner(purpose: 'scan' | 'start'): Promise<ScriptProcess> {
    const ports: Record<string, string> = {};
    for (const { stackPortSetting } of SERVICES) ports[stackPortSetting] = String(await freePort());
    return runScript(`
      import { useLocalStack } from './stack/use-local-stack.ts';
      const never = new AbortController().signal;
      const stack = await useLocalStack({
        purpose: '${purpose}', rootDir: ${JSON.stringify(rootDir)}, dataDir: ${JSON.stringify(folder.path)},
        environment: { ...process.env, ENV_FILE: 'none', ...${JSON.stringify(ports)} },
        onProgress: (phrase) => { if (phrase.startsWith('Waiting')) console.log(phrase); },
        signal: never,
      });
      process.on('SIGUSR2', async () => { await stack.release(never); console.log('released'); process.exit(); });
      console.log(stack.gatewayUrl);`);
  }

  const programPids = (): number[] =>
    (readLedger(join(folder.path, 'stack.json'))?.programs ?? []).map(({ identity }) => identity.pid);
  const areGone = (pids: readonly number[]): boolean => pids.every((pid) => identifyProcess(pid) === null);

  beforeAll(async () => {
    folder = scratchFolder();
    owner = await startOwner('start');
    ownerUrl = await owner.nextLine();
  });
  afterAll(() => folder.remove());

  it('is shared by commands that come later, and outlasts none of them', async () => {
    const joined = await use();
    expect(joined).toMatchObject({ gatewayUrl: ownerUrl, isOwner: false });
    expect((await fetch(`${joined.gatewayUrl}/health/ready`)).status).toBe(200);
    await joined.release(never);
    await joined.release(never);
    expect((await fetch(`${ownerUrl}/health/ready`)).status).toBe(200);
  });

  it('is not lent to a scan with other settings, nor started twice', async () => {
    await expect(use({ SCAN_PAGE_LIFE_MS: '1' })).rejects.toThrow(/running with other settings; stop it/);
    await expect(use({}, 'start')).rejects.toThrow(
      new RegExp(`running already at ${ownerUrl}; stop it with Ctrl-C`),
    );
  });

  it('starts a service again that was killed', async () => {
    const pidOf = (name: string): number =>
      readLedger(join(folder.path, 'stack.json'))?.programs.find((one) => one.name === name)?.identity.pid ??
      0;
    const killed = pidOf('notifier');
    process.kill(killed, 'SIGKILL');
    await until(() => pidOf('notifier') !== killed, 'the notifier was started again');
    await until(() => identifyProcess(pidOf('notifier')) !== null, 'it runs');
  });

  it('waits for those who use it before it stops, and then leaves nothing behind', async () => {
    const joined = await use();
    const pids = programPids();
    expect(pids).toHaveLength(7);

    process.kill(owner.pid, 'SIGUSR2');
    expect(await owner.nextLine()).toBe('Waiting for other scans that use the platform (1)');
    expect((await fetch(`${ownerUrl}/health/ready`)).status).toBe(200);
    await joined.release(never);

    expect(await owner.nextLine()).toBe('released');
    expect(areGone(pids)).toBe(true);
    expect(existsSync(join(folder.path, 'stack.json'))).toBe(false);
    expect(existsSync(join(folder.path, 'stack.lock'))).toBe(false);
  });

  it('is ended when its owner is killed, and starts afresh on the same data', async () => {
    owner = await startOwner('scan');
    await owner.nextLine();
    const pids = programPids();
    await owner.kill('SIGKILL');
    // Seven programs end one after the other, each with its own grace on a busy machine.
    await until(() => areGone(pids), 'everything ended', 90_000);

    const again = await use();
    expect(again.isOwner).toBe(true);
    await again.release(never);
    expect(existsSync(join(folder.path, 'stack.lock'))).toBe(false);
  }, 180_000);
});
