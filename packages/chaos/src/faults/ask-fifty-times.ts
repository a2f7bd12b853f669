import type { Fault } from './fault.ts';

const TIMES = 50;

/** One scan comes of it, and everybody is told the same. */
export const askFiftyTimes: Fault = {
  name: 'fifty clients ask for the same with the same key at once',
  async strike({ platform, random, expect }) {
    await platform.untilReady();
    const label = `asked-${random.between(0, 1_000_000_000)}`;
    const answers = await Promise.all(
      Array.from({ length: TIMES }, () =>
        platform.client.submit(platform.siteUrl(label), { idempotencyKey: label }),
      ),
    );
    const ids = new Set(answers.filter((id) => id !== null));
    expect(ids.size === 1, `${TIMES} clients that asked with one key were told of ${ids.size} scans`);
    const [row] = await platform.database.sql<{ count: number }>(
      'SELECT count(*)::int FROM scan_results WHERE requested_url = $1',
      [platform.siteUrl(label)],
    );
    expect(row?.count === 1, `${TIMES} clients that asked with one key made ${row?.count} scans`);
  },
};
