import type { Fault } from './fault.ts';

/** The same scans come under other names of jobs, whether they wait, run or are over. */
export const deliverTwice: Fault = {
  name: 'jobs are delivered twice',
  async strike({ platform }) {
    await platform.database.sql(
      `INSERT INTO outbox_events (queue, payload)
       SELECT 'scan-site', jsonb_build_object('scanId', id, 'offer', 9000 + (random() * 999999)::int)
         FROM scan_results ORDER BY queued_at DESC LIMIT 20`,
    );
  },
};
