import type { ScanEvent } from '@cookie-scanner/api-client';
import { describe, expect, it } from '@jest/globals';
import { followScan } from './follow-scan.ts';

const SCAN_ID = '0190a0a0-0000-7000-8000-000000000000';
const at = '2026-01-01T00:00:00.000Z';

const progress = (stage: string) =>
  ({ event: 'progress', data: { scanId: SCAN_ID, stage, attempt: 1, at } }) as ScanEvent;
const finished = { event: 'finished', data: { id: SCAN_ID, status: 'success' } } as ScanEvent;

async function follow(events: readonly ScanEvent[]): Promise<{ status: string; stages: string[] }> {
  const stages: string[] = [];
  async function* watch(): AsyncGenerator<ScanEvent> {
    yield* events;
  }
  const { status } = await followScan({ watch }, SCAN_ID, ({ stage }) => void stages.push(stage));
  return { status, stages };
}

describe('followScan', () => {
  it('tells every stage and ends with the finished scan', async () => {
    const seen = await follow([progress('claimed'), progress('storing'), finished]);
    expect(seen).toEqual({ status: 'success', stages: ['claimed', 'storing'] });
  });

  it('passes over a stage that only a newer platform knows', async () => {
    expect((await follow([progress('unheard_of'), finished])).stages).toEqual([]);
  });

  it('says so when the scan never ends', async () => {
    await expect(follow([progress('claimed')])).rejects.toThrow('does not say how the scan ended');
  });
});
