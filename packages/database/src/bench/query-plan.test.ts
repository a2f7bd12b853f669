import { describe, expect, it } from '@jest/globals';
import { summarisePlan, type PlanNode } from './query-plan.ts';

const node = (type: string, rows: number, change: Partial<PlanNode> = {}): PlanNode => ({
  'Node Type': type,
  'Actual Rows': rows,
  'Actual Loops': 1,
  'Shared Hit Blocks': 3,
  'Shared Read Blocks': 1,
  ...change,
});

describe('the summary of a plan', () => {
  it('names indexes without their month, and counts rows and pages', () => {
    const plan = node('Limit', 5, {
      Plans: [
        node('Index Scan', 3, {
          'Relation Name': 'cookies_2026_11',
          'Index Name': 'cookies_2026_11_scan_id_idx',
        }),
        node('Index Scan', 2, {
          'Relation Name': 'cookies_2026_12',
          'Index Name': 'cookies_2026_12_scan_id_idx',
        }),
      ],
    });
    expect(summarisePlan(plan)).toEqual({
      indexes: ['cookies_scan_id_idx'],
      rows: 5,
      buffers: 4,
      faults: [],
    });
  });

  it('finds a table that is read as a whole, however deep, also by several processes', () => {
    const scan = node('Parallel Seq Scan', 10, { 'Relation Name': 'scan_results' });
    const plan = node('Limit', 1, { Plans: [node('Gather', 1, { Plans: [scan] })] });
    expect(summarisePlan(plan).faults).toEqual(['reads all of scan_results']);
  });

  it('does not mind a month without rows', () => {
    const plan = node('Seq Scan', 0, { 'Relation Name': 'cookies_2027_01' });
    expect(summarisePlan(plan).faults).toEqual([]);
  });

  it('leaves out the months that were ruled out before they were read', () => {
    const pruned = node('Index Scan', 0, {
      'Relation Name': 'cookies_2026_11',
      'Index Name': 'cookies_2026_11_pkey',
      'Actual Loops': 0,
    });
    expect(summarisePlan(node('Append', 0, { Plans: [pruned] })).indexes).toEqual([]);
  });

  it('finds an index that is read to throw most of it away', () => {
    const plan = node('Index Scan', 2, { 'Relation Name': 'findings', 'Rows Removed by Filter': 5_000 });
    expect(summarisePlan(plan).faults).toEqual(['throws away 5000 rows of findings']);
  });
});
