import { SHA256, type Row, type RowMaker } from '../table-cases/table-case.test.fixture.ts';

const DAY_MS = 86_400_000;

/** So many days ago. */
export function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

/** Columns of a scan that ended so many days ago, with everything done that follows. */
export function endedScan(days: number, change: Row = {}): Row {
  return {
    domain: 'shop.example',
    ...{ status: 'success', attempt: 1, totals: '{"cookies": 1}', quality: '{}', duration_ms: 1 },
    ...{ observation_key: 'scans/x', observation_sha256: SHA256, observation_size_bytes: 1 },
    ...{ queued_at: daysAgo(days + 0.001), finished_at: daysAgo(days), settled_at: daysAgo(days) },
    ...change,
  };
}

/** Writes one, with a row in every table that scans have rows in; returns its id. */
export async function addEndedScan(make: RowMaker, days: number, change: Row = {}): Promise<string> {
  const scanId = await make.scan(endedScan(days, change));
  const workspaceId = change['workspace_id'] ?? '00000000-0000-4000-8000-000000000001';
  const setter = { set_by_kind: 'http', set_by_initiators: '{}', set_by_confidence: 'observed' };
  const part = { scan_id: scanId, scanned_at: daysAgo(days) };
  await make.insert('cookies', {
    ...{
      ...part,
      ...setter,
      position: 0,
      name: 'a',
      size_bytes: 1,
      domain: 'shop.example',
      path: '/',
      pages: '{}',
    },
    ...{ host_only: true, http_only: true, secure: true, same_site: 'Lax', party: 'first', events: '[]' },
    consent_states: '{untouched}',
  });
  await make.insert('pages', { ...part, position: 0, url: 'https://shop.example/', status: 'success' });
  await make.insert('storage_items', {
    ...{
      ...part,
      ...setter,
      position: 0,
      kind: 'local',
      origin: 'https://shop.example',
      key: 'a',
      size_bytes: 1,
    },
  });
  await make.insert('findings', {
    ...{ ...part, workspace_id: workspaceId, rule: 'r', fingerprint: SHA256, severity: 'low', title: 'F' },
  });
  await make.insert('reports', {
    ...{ scan_id: scanId, workspace_id: workspaceId, format: 'html', state: 'ready' },
    ...{ artifact_key: `reports/${scanId}/1.html`, artifact_sha256: SHA256, artifact_size_bytes: 1 },
  });
  return scanId;
}

/** Makes the months that rows of such scans lie in. */
export const MONTHS_OF_OLD_SCANS = `SELECT create_month_partitions((now() - interval '6 months')::date, now()::date)`;
