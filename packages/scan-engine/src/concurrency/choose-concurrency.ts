import { measureMachine, type MachineCapacity } from './machine-capacity.ts';

/** Measured on two cores: sites a minute rise up to here, and beyond it scans only wait for one another. */
const SCANS_PER_CORE = 2;
/** What a scan of a heavy site takes of memory in the browser; an ordinary one takes a quarter of it. */
const SCAN_BYTES = 400 * 2 ** 20;
/** For the browser itself and for our own process. */
const RESERVED_BYTES = 600 * 2 ** 20;
/** One browser that more scans share than this answers too slowly for any of them. */
const CONCURRENCY_MAX = 32;

/**
 * Number of scans to run at the same time, at least 1: as many as the processors can keep moving and memory can hold.
 *
 * @param machine - measured now when left out
 */
export function chooseConcurrency(machine: MachineCapacity = measureMachine()): number {
  const byCores = Math.round(machine.coreCount * SCANS_PER_CORE);
  const byMemory = Math.floor((machine.freeMemoryBytes - RESERVED_BYTES) / SCAN_BYTES);
  return Math.max(1, Math.min(byCores, byMemory, CONCURRENCY_MAX));
}
