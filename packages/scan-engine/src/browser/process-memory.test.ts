import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { groupMemoryBytes, sampledGroupMemory } from './process-memory.ts';

const onLinux = existsSync('/proc/self/statm') ? describe : describe.skip;
const MEGABYTE = 1_000_000;

onLinux('the memory of a group of processes', () => {
  let child: ReturnType<typeof spawn>;
  let groupId: number;

  beforeEach(async () => {
    const grandchild =
      'const held = Buffer.alloc(60e6, 1); setInterval(() => held, 1000); console.log("ready");';
    const code = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`;
    child = spawn(process.execPath, ['-e', code], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    groupId = child.pid ?? -1;
    if (child.stdout) await once(child.stdout, 'data');
  });
  afterEach(killGroup);

  function killGroup(): void {
    try {
      process.kill(-groupId, 'SIGKILL');
    } catch {
      // A test has done that already.
    }
  }

  it('counts what its processes and theirs hold', () => {
    expect(groupMemoryBytes(groupId)).toBeGreaterThan(60 * MEGABYTE);
    expect(groupMemoryBytes(groupId)).toBeLessThan(500 * MEGABYTE);
  });

  it('is unknown for a group that is not there', () => {
    expect(groupMemoryBytes(2 ** 30)).toBeNull();
  });

  it('is looked at every few seconds only', async () => {
    let nowMs = 0;
    const sample = sampledGroupMemory(groupId, () => nowMs);
    const before = sample();
    killGroup();
    await once(child, 'exit');
    expect(sample()).toBe(before);
    nowMs += 5_000;
    expect(sample()).not.toBe(before);
  });
});
