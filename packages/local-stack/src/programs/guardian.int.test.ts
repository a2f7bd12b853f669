import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess } from '../process-identity.mjs';
import { runScript } from '../testing/run-script.ts';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { until } from '../testing/until.ts';
import { openLedger, readLedger } from './ledger.ts';
import { startGuardian } from './start-guardian.ts';
import { startProgram } from './start-program.ts';
import { sweepLedger } from './sweep.ts';

describe('programs and their guardian', () => {
  let folder: ReturnType<typeof scratchFolder>;
  let ledgerPath: string;
  beforeEach(() => {
    folder = scratchFolder();
    ledgerPath = join(folder.path, 'ledger.json');
  });
  afterEach(() => folder.remove());

  const sleeper = { args: ['600'], cwd: '/', env: {}, account: null, graceMs: 5_000 } as const;

  it('ends everything in order when the owner is killed, and removes its lock and folders', async () => {
    const lockPath = join(folder.path, 'stack.lock');
    const data = join(folder.path, 'data');
    mkdirSync(data);
    const script = runScript(`
      import { tryLock } from './file-lock.mjs';
      import { openLedger } from './programs/ledger.ts';
      import { startGuardian } from './programs/start-guardian.ts';
      import { startProgram } from './programs/start-program.ts';
      await tryLock(${JSON.stringify(lockPath)});
      const ledger = openLedger(${JSON.stringify(ledgerPath)});
      ledger.addFolder(${JSON.stringify(data)});
      startGuardian(ledger.path, ${JSON.stringify(lockPath)});
      const options = { ...${JSON.stringify(sleeper)}, command: 'sleep', stopSignal: 'SIGTERM', ledger, logPath: ${JSON.stringify(join(folder.path, 'log'))} };
      const first = await startProgram({ ...options, name: 'first' });
      const second = await startProgram({ ...options, name: 'second' });
      console.log(JSON.stringify([first.pid, second.pid]));`);
    const pids = JSON.parse(await script.nextLine()) as number[];
    expect(pids.every((pid) => identifyProcess(pid) !== null)).toBe(true);

    await script.kill('SIGKILL');

    await until(() => pids.every((pid) => identifyProcess(pid) === null), 'the programs ended');
    await until(() => !existsSync(lockPath), 'the lock was removed');
    expect(existsSync(ledgerPath)).toBe(false);
    expect(existsSync(data)).toBe(false);
  });

  it('waits for the end of an owner whose pipe closed before it was gone', async () => {
    const owner = runScript(`
      import { openLedger } from './programs/ledger.ts';
      import { startProgram } from './programs/start-program.ts';
      const ledger = openLedger(${JSON.stringify(ledgerPath)});
      const options = { ...${JSON.stringify(sleeper)}, command: 'sleep', stopSignal: 'SIGTERM', ledger, logPath: ${JSON.stringify(join(folder.path, 'log'))} };
      const program = await startProgram({ ...options, name: 'sleeper' });
      console.log(program.pid);
      setInterval(() => undefined, 60_000);`);
    const pid = Number(await owner.nextLine());
    const holderOfThePipe = runScript(`
      import { startGuardian } from './programs/start-guardian.ts';
      startGuardian(${JSON.stringify(ledgerPath)});
      console.log('guarded');
      setInterval(() => undefined, 60_000);`);
    await holderOfThePipe.nextLine();

    await holderOfThePipe.kill('SIGKILL');
    // Nothing tells that the guardian has looked. On a slow machine this is too short, and the test only sees less.
    await delay(1_000);
    expect(identifyProcess(pid)).not.toBeNull();
    await owner.kill('SIGKILL');

    await until(() => identifyProcess(pid) === null, 'the program ended');
    await until(() => !existsSync(ledgerPath), 'the ledger was removed');
  });

  it('leaves everything alone while the owner lives, and goes when it is dismissed', async () => {
    const ledger = openLedger(ledgerPath);
    const guardian = startGuardian(ledgerPath);
    const program = await startProgram({
      ...sleeper,
      name: 'sleeper',
      command: 'sleep',
      stopSignal: 'SIGTERM',
      ledger,
      logPath: join(folder.path, 'log'),
    });
    expect(await sweepLedger(ledgerPath)).toEqual([]);
    expect(program.isAlive()).toBe(true);

    await program.stop();
    ledger.close();
    await guardian.dismiss();
    expect(program.isAlive()).toBe(false);
    expect(readLedger(ledgerPath)).toBeNull();
  });

  it('kills a program that does not end when it is asked', async () => {
    const ledger = openLedger(ledgerPath);
    const program = await startProgram({
      ...sleeper,
      name: 'stubborn',
      command: 'sh',
      args: ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'],
      graceMs: 100,
      env: process.env,
      stopSignal: 'SIGTERM',
      ledger,
      logPath: join(folder.path, 'log'),
    });
    await until(() => program.logTail().includes('ready'), 'it ignores the signal');
    await program.stop();
    expect(program.isAlive()).toBe(false);
    expect((await program.ended).signal).toBe('SIGKILL');
    ledger.close();
  });

  it('does not touch a process that was given the number of an ended program', async () => {
    const ledger = openLedger(ledgerPath);
    const bystander = runScript("console.log('up'); setInterval(() => undefined, 1000);");
    await bystander.nextLine();
    const identity = { pid: bystander.pid, startTime: 'before the reboot' };
    ledger.addProgram({ name: 'gone', identity, stopSignal: 'SIGKILL' });
    const content = readLedger(ledgerPath);
    expect(content?.programs).toHaveLength(1);

    writeFileSync(ledgerPath, JSON.stringify({ ...content, owner: { pid: 1, startTime: 'dead' } }));
    expect(await sweepLedger(ledgerPath)).toEqual([]);

    expect(identifyProcess(bystander.pid)).not.toBeNull();
    await bystander.kill('SIGKILL');
  });
});
