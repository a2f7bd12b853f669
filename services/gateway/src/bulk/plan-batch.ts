import { checkBulkUrls, type BulkScanAnswer } from '@cookie-scanner/contracts';
import { scanDomain, type NewScanBatch } from '@cookie-scanner/database';
import { ownHostRefusal } from '../own-host.ts';
import { planScans, type AskedParams } from '../scan-plan.ts';
import type { BulkRow } from './bulk-rows.ts';

/** Which scans a bulk submission leads to, and what became of its other rows. */
interface PlannedBatch extends Pick<NewScanBatch, 'plans' | 'scans'> {
  readonly rest: Omit<BulkScanAnswer, 'batch'>;
}

interface Policy {
  readonly allowPrivateNetworks: boolean;
  readonly publicUrl: string | null;
}

/** Judges every row on its own, so that a bad one does not hide the others. Throws as `planScans` does. */
export async function planBatch(
  data: Parameters<typeof planScans>[0],
  rows: readonly BulkRow[],
  asked: AskedParams,
  { allowPrivateNetworks, publicUrl }: Policy,
): Promise<PlannedBatch> {
  const refused: BulkScanAnswer['refused'] = [];
  const named: { row: number; url: string }[] = [];
  for (const each of rows) {
    if ('url' in each) named.push(each);
    else refused.push({ row: each.row, code: 'INPUT_INVALID', detail: each.fault });
  }
  const checked = checkBulkUrls(named, { allowPrivateNetworks });
  refused.push(...checked.refused);

  const hostOf = ({ url }: { url: string }): string => scanDomain(url) ?? '';
  const planOf = await planScans(data, [...new Set(checked.accepted.map(hostOf))], asked);
  const places = new Map<object, number>();
  const plans: NewScanBatch['plans'][number][] = [];
  const scans: NewScanBatch['scans'][number][] = [];
  for (const accepted of checked.accepted) {
    const own = ownHostRefusal(accepted.url, publicUrl);
    const plan = planOf(hostOf(accepted));
    if (own !== null) {
      refused.push({ row: accepted.row, code: own.code, detail: own.message });
    } else if (plan === null) {
      const detail = `${hostOf(accepted)} is archived and takes no new scans`;
      refused.push({ row: accepted.row, code: 'CONFLICT', detail });
    } else {
      const place = places.get(plan) ?? plans.push(plan) - 1;
      places.set(plan, place);
      scans.push({ requestedUrl: accepted.url, plan: place });
    }
  }
  refused.sort((one, other) => one.row - other.row);
  return { plans, scans, rest: { duplicateCount: checked.duplicateCount, refused } };
}
