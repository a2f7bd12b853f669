import { measureMachine, type MachineCapacity } from '../concurrency/machine-capacity.ts';

/** Less than this is no browser that scans ordinary sites. */
const LIMIT_MIN_BYTES = 1_000_000_000;

/**
 * Memory that one browser may hold: as the operator says, or half of what is free, so that the machine never swaps and
 * nobody else's process is ended for what a page does.
 *
 * @param machine - measured now when left out
 */
export function memoryLimitOf(
  limitBytes: number | 'auto',
  machine: Pick<MachineCapacity, 'freeMemoryBytes'> = measureMachine(),
): number {
  if (limitBytes !== 'auto') return limitBytes;
  return Math.max(LIMIT_MIN_BYTES, Math.floor(machine.freeMemoryBytes / 2));
}
