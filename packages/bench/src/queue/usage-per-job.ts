import type { MeasuredProcess, ProcessUsage } from './measured-process.ts';

/** What each kind of process took for one job, all its processes together. */
export type UsagePerJob = Readonly<Record<string, ProcessUsage>>;

/** Begins to measure; the answer ends it and gives what was taken since, divided by so many jobs. */
export async function measureUsage(
  processes: readonly MeasuredProcess[],
  servers: () => Promise<Readonly<Record<string, number>>>,
): Promise<
  (jobs: number) => Promise<{ processes: UsagePerJob; serversCpuMs: Readonly<Record<string, number>> }>
> {
  const read = (): Promise<ProcessUsage[]> => Promise.all(processes.map((each) => each.usage()));
  const before = await read();
  const serversBefore = await servers();
  return async (jobs) => {
    const after = await read();
    const serversAfter = await servers();
    const perJob: Record<string, ProcessUsage> = {};
    for (const [index, { name }] of processes.entries()) {
      const share = (what: keyof ProcessUsage): number =>
        (perJob[name]?.[what] ?? 0) + ((after[index]?.[what] ?? 0) - (before[index]?.[what] ?? 0)) / jobs;
      perJob[name] = {
        cpuMs: share('cpuMs'),
        postgresTrips: share('postgresTrips'),
        redisTrips: share('redisTrips'),
      };
    }
    const serversCpuMs = Object.fromEntries(
      Object.entries(serversAfter).map(([name, cpuMs]) => [
        name,
        (cpuMs - (serversBefore[name] ?? 0)) / jobs,
      ]),
    );
    return { processes: perJob, serversCpuMs };
  };
}
