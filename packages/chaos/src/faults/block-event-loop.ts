import { LEASE_MS } from '../platform/platform.ts';
import type { Fault } from './fault.ts';
import { untilOver } from './observe.ts';

/** Like a worker that stands still, only that it cannot even see a signal: the scan is started again. */
export const blockEventLoop: Fault = {
  name: 'the event loop of a worker is blocked for longer than its lease',
  isForTrivialEngine: true,
  async strike({ platform, random, expect }) {
    await platform.untilReady();
    const label = `blocking-${random.between(0, 1_000_000)}`;
    const id = await platform.client.submit(platform.siteUrl(label, `?blocks=${LEASE_MS * 1.5}`));
    expect(id !== null, 'no scan was accepted before an event loop was blocked');
    if (id === null) return;
    await untilOver(platform, [id]);
    const [row] = await platform.database.sql<{ attempt: number }>(
      'SELECT attempt FROM scan_results WHERE id = $1',
      [id],
    );
    expect((row?.attempt ?? 0) > 1, `scan ${id} ended although its worker had lost it`);
  },
};
