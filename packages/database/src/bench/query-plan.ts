/** The parts of `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)` that are looked at. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a plan did. */
export interface PlanSummary {
  /** Indexes that were used; those of partitions under the name of the whole table's where it can be told. */
  indexes: string[];
  rows: number;
  /** Pages of 8 KiB that were touched. */
  buffers: number;
  /** What makes the plan one that grows with the table, in words; empty for a good one. */
  faults: string[];
}

/** Rows that may be thrown away before that counts as reading too much. */
const WASTE_MAX = 1_000;

/** Sums a plan up, and says whether it reads a whole table or much more than it returns. */
export function summarisePlan(plan: PlanNode): PlanSummary {
  const nodes = allNodes(plan);
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? []).map(withoutMonth);
  return {
    indexes: [...new Set(indexes)],
    rows: plan['Actual Rows'],
    buffers: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
    faults: nodes.flatMap((node) => faultOf(node, plan['Actual Rows'])),
  };
}

function faultOf(node: PlanNode, rowsReturned: number): string[] {
  const relation = node['Relation Name'];
  if (relation === undefined) return [];
  const wasted = (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops'];
  const read = node['Actual Rows'] * node['Actual Loops'] + wasted;
  // A month without rows is read as a whole, which is nothing.
  if (node['Node Type'].endsWith('Seq Scan') && read > 0) return [`reads all of ${relation}`];
  if (wasted > WASTE_MAX && wasted > 10 * rowsReturned) return [`throws away ${wasted} rows of ${relation}`];
  return [];
}

/** The nodes that ran: months that were ruled out at the start of the query stand in the plan but do nothing. */
function allNodes(node: PlanNode): PlanNode[] {
  if (node['Actual Loops'] === 0) return [];
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

/** PostgreSQL names the index of a partition after the partition and its columns. */
function withoutMonth(index: string): string {
  return index.replace(/_\d{4}_\d{2}_/, '_');
}
