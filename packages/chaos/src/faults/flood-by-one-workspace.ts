import type { Fault } from './fault.ts';
import { until, untilOver } from './observe.ts';

const FLOOD = { short: 60, long: 1_000 };
const FEW = 5;

/** Those of another workspace do not wait for them. */
export const floodByOneWorkspace: Fault = {
  name: 'one workspace submits very many scans, another one a few',
  isForTrivialEngine: true,
  async strike({ platform, random, isLong, say, expect }) {
    await platform.untilReady();
    const { database, siteUrl } = platform;
    const flood = random.between(0, 1_000_000_000);
    const size = isLong ? FLOOD.long : FLOOD.short;
    const isAccepted = await platform.otherClient.submitAll(
      Array.from({ length: size }, (_, n) => siteUrl(`flood-${flood}-${n}`, '?takes=100')),
    );
    expect(isAccepted, 'a flood of scans was not accepted');
    const waitingOfFlood = async (): Promise<number> => {
      const [row] = await database.sql<{ count: number }>(
        `SELECT count(*)::int FROM scan_results WHERE finished_at IS NULL AND requested_url LIKE $1`,
        [`%flood-${flood}-%`],
      );
      return row?.count ?? 0;
    };
    await until('a flood of scans has begun to be worked on', async () => (await waitingOfFlood()) < size);
    const few = await Promise.all(
      Array.from({ length: FEW }, (_, n) => platform.client.submit(siteUrl(`few-${flood}-${n}`))),
    );
    const before = await waitingOfFlood();
    await untilOver(
      platform,
      few.filter((id) => id !== null),
    );
    const after = await waitingOfFlood();
    say(`${FEW} scans of one workspace were over while ${before} → ${after} of the other one waited`);
    expect(after > 0, `${FEW} scans waited until all ${size} of another workspace were over`);
  },
};
