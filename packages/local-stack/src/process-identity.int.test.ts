import { describe, expect, it } from '@jest/globals';
import { identifyProcess, isAlive } from './process-identity.mjs';
import { runScript } from './testing/run-script.ts';

const FOREVER = "console.log('up'); setInterval(() => undefined, 1000);";

describe('identifyProcess', () => {
  it('gives the same answer for the same process', () => {
    expect(identifyProcess(process.pid)).toEqual(identifyProcess(process.pid));
  });

  it('tells that a process has ended, also while its parent has not collected it', async () => {
    const script = runScript(FOREVER);
    await script.nextLine();
    const identity = identifyProcess(script.pid);
    expect(identity && isAlive(identity)).toBe(true);

    process.kill(script.pid, 'SIGKILL');
    await script.kill('SIGKILL');

    expect(identity && isAlive(identity)).toBe(false);
    expect(identifyProcess(script.pid)).toBeNull();
  });

  it('does not take another process with the same number for it', () => {
    const identity = identifyProcess(process.pid);
    expect(identity).not.toBeNull();
    expect(isAlive({ pid: process.pid, startTime: `${identity?.startTime}0` })).toBe(false);
  });
});
