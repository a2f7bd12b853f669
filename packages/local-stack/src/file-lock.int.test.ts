import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock, waitForLock } from './file-lock.mjs';
import { identifyProcess } from './process-identity.mjs';
import { runScript } from './testing/run-script.ts';
import { scratchFolder } from './testing/scratch-folder.ts';
import { until } from './testing/until.ts';

describe('file lock', () => {
  let folder: ReturnType<typeof scratchFolder>;
  let path: string;
  beforeEach(() => {
    folder = scratchFolder();
    path = join(folder.path, 'some.lock');
  });
  afterEach(() => folder.remove());

  const holder = (then: string): string => `
    import { tryLock } from './file-lock.mjs';
    const lock = await tryLock(${JSON.stringify(path)});
    ${then}
    console.log('held');
    setInterval(() => undefined, 1000);`;

  it('is held by one at a time and leaves nothing behind', async () => {
    const lock = await tryLock(path);
    expect(await tryLock(path)).toBeNull();
    lock?.release();
    expect(readdirSync(folder.path)).toEqual([]);
    const again = await tryLock(path);
    expect(again).not.toBeNull();
    again?.release();
  });

  it('tells who is waited for, and is had as soon as it is given back', async () => {
    const lock = await tryLock(path);
    const waitedFor: number[] = [];
    const waiting = waitForLock(path, { onWait: (pid) => waitedFor.push(pid) });
    await until(() => waitedFor.length === 1, 'the wait was announced');
    lock?.release();
    (await waiting).release();
    expect(waitedFor).toEqual([process.pid]);
  });

  it('ends the wait when the user interrupts', async () => {
    const lock = await tryLock(path);
    const waiting = waitForLock(path, { signal: AbortSignal.abort(new Error('interrupted')) });
    await expect(waiting).rejects.toThrow('interrupted');
    lock?.release();
  });

  it('is taken over from an owner that was killed', async () => {
    const script = runScript(holder(''));
    await script.nextLine();
    expect(await tryLock(path)).toBeNull();
    await script.kill('SIGKILL');
    const lock = await tryLock(path);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('is taken over by exactly one of many', async () => {
    writeFileSync(path, JSON.stringify({ owner: { pid: 1, startTime: 'long ago' }, child: null }));
    const contender = `
      import { tryLock } from './file-lock.mjs';
      const lock = await tryLock(${JSON.stringify(path)});
      console.log(lock ? 'mine' : 'theirs');
      setInterval(() => undefined, 1000);`;
    const scripts = Array.from({ length: 4 }, () => runScript(contender));
    const answers = await Promise.all(scripts.map((script) => script.nextLine()));
    await Promise.all(scripts.map((script) => script.kill('SIGKILL')));
    expect(answers.sort()).toEqual(['mine', 'theirs', 'theirs', 'theirs']);
  });

  it('ends the program that a killed owner had started before the lock changes hands', async () => {
    const script = runScript(
      holder(`
        const { spawn } = await import('node:child_process');
        const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
        lock.setChild(child.pid);
        console.log(child.pid);`),
    );
    const childPid = Number(await script.nextLine());
    await script.nextLine();
    await script.kill('SIGKILL');
    expect(identifyProcess(childPid)).not.toBeNull();

    const lock = await tryLock(path);

    expect(identifyProcess(childPid)).toBeNull();
    lock?.release();
  });

  it('is not taken for held when its file is torn', async () => {
    writeFileSync(path, '{"owner":');
    const lock = await tryLock(path);
    expect(lock).not.toBeNull();
    lock?.release();
    expect(existsSync(path)).toBe(false);
  });
});
