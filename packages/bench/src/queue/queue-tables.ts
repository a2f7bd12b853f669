import { textTable } from '../text-table.ts';
import type { BareRun } from './bare-queue.ts';
import type { ProcessUsage } from './measured-process.ts';
import type { QueueRun } from './measure-queue.ts';

/** What the whole benchmark found. */
export interface QueueReport {
  readonly scans: number;
  readonly concurrency: number;
  /** One for each number of workers. */
  readonly rounds: readonly {
    readonly workers: number;
    readonly bare: BareRun;
    readonly platform: QueueRun;
  }[];
  /** What comes after the result is counted too; null when it was left out. */
  readonly followUps: QueueRun | null;
}

/** The processes that carry a scan from the API to its result; what comes after it is counted by itself. */
const WAY = ['gateway', 'scheduler', 'worker'];

/** A report as people read it. */
export function queueTables({ rounds, followUps }: QueueReport): string {
  return [
    textTable([
      ['workers', 'scans/s', 'bare jobs/s', 'idle p50 ms', 'p99 ms', 'loaded p50 ms', 'p99 ms'],
      ...rounds.map(({ workers, platform, bare }) => [
        workers,
        Math.round(platform.perSecond),
        Math.round(bare.perSecond),
        ...[platform.idle, platform.loaded].flatMap(({ p50Ms, p99Ms }) => [
          Math.round(p50Ms),
          Math.round(p99Ms),
        ]),
      ]),
    ]),
    '',
    textTable([
      ['of each scan', 'CPU ms', 'PostgreSQL trips', 'Redis trips'],
      ...rounds.flatMap(({ workers, platform, bare }) => [
        ...Object.entries(platform.processes).map(([name, usage]) => usageRow(`${workers}: ${name}`, usage)),
        usageRow(`${workers}: all three`, sumOf(Object.values(platform.processes))),
        ...serverRows(`${workers}: `, platform.serversCpuMs),
        usageRow(`${workers}: bare worker`, bare.worker),
      ]),
      ...(followUps
        ? [
            ...Object.entries(followUps.processes)
              .filter(([name]) => !WAY.includes(name))
              .map(([name, usage]) => usageRow(`afterwards: ${name}`, usage)),
            ...Object.entries(followUps.processes)
              .filter(([name]) => WAY.includes(name))
              .map(([name, usage]) => usageRow(`with it: ${name}`, usage)),
            ...serverRows('with it: ', followUps.serversCpuMs),
          ]
        : []),
    ]),
  ].join('\n');
}

function usageRow(what: string, { cpuMs, postgresTrips, redisTrips }: ProcessUsage): (string | number)[] {
  return [what, rounded(cpuMs), rounded(postgresTrips), rounded(redisTrips)];
}

function serverRows(prefix: string, cpuMs: Readonly<Record<string, number>>): (string | number)[][] {
  return Object.entries(cpuMs).map(([name, ms]) => [`${prefix}${name}`, rounded(ms), '', '']);
}

function sumOf(usages: readonly ProcessUsage[]): ProcessUsage {
  const sum = (what: keyof ProcessUsage): number => usages.reduce((total, usage) => total + usage[what], 0);
  return { cpuMs: sum('cpuMs'), postgresTrips: sum('postgresTrips'), redisTrips: sum('redisTrips') };
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
