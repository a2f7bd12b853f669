import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('exports its metrics and those of the process under the name of the service', async () => {
    const metrics = createMetrics('worker');
    metrics
      .counter({ name: 'scans_finished_total', help: 'Scans.', labels: ['status'] })
      .inc({ status: 'success' });
    metrics.histogram({ name: 'scan_seconds', help: 'Time.', buckets: [1, 10] }).observe(5);
    metrics.gauge({ name: 'scans_running', help: 'Now.', collect: (gauge) => gauge.set(7) });
    const text = await metrics.registry.metrics();
    expect(text).toContain('scans_finished_total{status="success",service="worker"} 1');
    expect(text).toContain('scan_seconds_bucket{le="10",service="worker"} 1');
    expect(text).toContain('scans_running{service="worker"} 7');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('gives the same metric when it is asked for twice', () => {
    const metrics = createMetrics('worker');
    const first = metrics.counter({ name: 'a_total', help: 'A.' });
    expect(metrics.counter({ name: 'a_total', help: 'A.' })).toBe(first);
  });

  it('keeps two services of one process apart', async () => {
    const [one, two] = [createMetrics('one'), createMetrics('two')];
    one.counter({ name: 'a_total', help: 'A.' }).inc();
    expect(await two.registry.metrics()).not.toContain('a_total');
  });
});
