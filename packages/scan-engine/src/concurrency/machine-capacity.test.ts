import { describe, expect, it } from '@jest/globals';
import { measureMachine, withinLimits } from './machine-capacity.ts';

const GIB = 2 ** 30;
const SYSTEM: Parameters<typeof withinLimits>[0] = {
  coreCount: 8,
  freeMemoryBytes: 16 * GIB,
  memoryLimitBytes: null,
};
const INSIDE = '/sys/fs/cgroup/';
const OUTSIDE = '/sys/fs/cgroup/system.slice/worker.service/';

function capacity(files: Readonly<Record<string, string>>, system: Partial<typeof SYSTEM> = {}) {
  return withinLimits({ ...SYSTEM, ...system }, (path) => files[path] ?? null);
}

describe('the capacity of the machine', () => {
  it('is what the system says where nothing limits us', () => {
    expect(capacity({})).toEqual({ coreCount: 8, freeMemoryBytes: 16 * GIB });
  });

  it('is what the control group of a container leaves', () => {
    const files = {
      '/proc/self/cgroup': '0::/\n',
      [`${INSIDE}cpu.max`]: '150000 100000\n',
      [`${INSIDE}memory.max`]: `${2 * GIB}\n`,
      [`${INSIDE}memory.current`]: `${GIB}\n`,
      [`${INSIDE}memory.stat`]: `anon 1\ninactive_file ${GIB / 2}\nactive_file 7\n`,
    };
    expect(capacity(files)).toEqual({ coreCount: 1.5, freeMemoryBytes: 1.5 * GIB });
  });

  it('is what the tightest of the groups around us leaves', () => {
    const files = {
      '/proc/self/cgroup': '1:name=systemd:/x\n0::/system.slice/worker.service\n',
      [`${OUTSIDE}cpu.max`]: '400000 100000\n',
      '/sys/fs/cgroup/system.slice/cpu.max': '200000 100000\n',
      [`${OUTSIDE}memory.max`]: 'max\n',
      [`${OUTSIDE}memory.current`]: '5\n',
      '/sys/fs/cgroup/system.slice/memory.max': `${GIB}\n`,
      '/sys/fs/cgroup/system.slice/memory.current': '0\n',
    };
    expect(capacity(files)).toEqual({ coreCount: 2, freeMemoryBytes: GIB });
  });

  it.each(['max 100000\n', 'max', '', '0 0', 'nonsense'])(
    'has no quota of processors where cpu.max says %j',
    (text) => {
      const files = { '/proc/self/cgroup': '0::/\n', [`${INSIDE}cpu.max`]: text };
      expect(capacity(files).coreCount).toBe(8);
    },
  );

  it('heeds the limit of memory that only Node.js knows of', () => {
    expect(capacity({}, { memoryLimitBytes: GIB }).freeMemoryBytes).toBe(GIB);
  });

  it('is never less than nothing', () => {
    const files = {
      '/proc/self/cgroup': '0::/\n',
      [`${INSIDE}memory.max`]: '5\n',
      [`${INSIDE}memory.current`]: '9\n',
    };
    expect(capacity(files).freeMemoryBytes).toBe(0);
  });

  it('can be measured here', () => {
    const { coreCount, freeMemoryBytes } = measureMachine();
    expect(coreCount).toBeGreaterThan(0);
    expect(freeMemoryBytes).toBeGreaterThan(0);
  });
});
