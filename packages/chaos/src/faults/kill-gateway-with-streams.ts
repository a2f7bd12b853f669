import type { Fault } from './fault.ts';
import { DEADLINE_MS, until } from './observe.ts';

/** Whoever watches a scan comes again, says what they have seen, and misses nothing. */
export const killGatewayWithStreams: Fault = {
  name: 'the gateway is killed while people watch scans',
  async strike({ platform, expect }) {
    await platform.untilReady();
    const [gateway] = platform.named('gateway');
    const id = await platform.client.submit(platform.siteUrl('watched', '?takes=1500'));
    expect(id !== null, 'no scan was accepted before it was watched');
    if (id === null) return;
    const watch = (init: RequestInit = {}) =>
      platform.client.request(`/scans/${id}/events`, init, DEADLINE_MS);
    const watching = watch();
    await until('a scan that is watched is under way', async () => {
      const rows = await platform.database.sql(
        `SELECT FROM scan_results WHERE id = $1 AND status <> 'queued'`,
        [id],
      );
      return rows.length > 0;
    });
    gateway.signal('SIGKILL');
    await watching;
    await platform.untilReady();
    const again = await watch({ headers: { 'Last-Event-ID': '1' } });
    expect(
      again?.text.includes('event: finished') === true,
      `who watched scan ${id} again was not told its end: ${again?.status} ${again?.text.slice(-200)}`,
    );
  },
};
