import { describe, expect, it } from '@jest/globals';
import { chooseConcurrency } from './choose-concurrency.ts';

const GIB = 2 ** 30;

describe('chooseConcurrency', () => {
  it.each([
    { machine: 'a small container', coreCount: 1, memoryGib: 1, scans: 1 },
    { machine: 'half a core', coreCount: 0.5, memoryGib: 4, scans: 1 },
    { machine: 'a tenth of a core', coreCount: 0.1, memoryGib: 4, scans: 1 },
    { machine: 'one core and a half', coreCount: 1.5, memoryGib: 8, scans: 3 },
    { machine: 'two cores', coreCount: 2, memoryGib: 8, scans: 4 },
    { machine: 'eight cores with little memory', coreCount: 8, memoryGib: 2, scans: 3 },
    { machine: 'eight cores', coreCount: 8, memoryGib: 16, scans: 16 },
    { machine: 'a very large machine', coreCount: 128, memoryGib: 512, scans: 32 },
    { machine: 'a machine without free memory', coreCount: 4, memoryGib: 0, scans: 1 },
  ])('runs $scans at a time on $machine', ({ coreCount, memoryGib, scans }) => {
    expect(chooseConcurrency({ coreCount, freeMemoryBytes: memoryGib * GIB })).toBe(scans);
  });

  it('chooses for this machine when it is given none', () => {
    expect(chooseConcurrency()).toBeGreaterThanOrEqual(1);
  });
});
