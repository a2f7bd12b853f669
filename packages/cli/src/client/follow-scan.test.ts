import { scanParamsSchema, type ScanProgress, type ScanResult } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { followScan } from './follow-scan.ts';
import type { GatewayClient } from './gateway-client.ts';

const SCAN_ID = '0190a0a0-0000-7000-8000-000000000000';

const scanIn = (status: ScanResult['status'], reportState: 'queued' | 'ready' = 'ready'): ScanResult => ({
  id: SCAN_ID,
  requestedUrl: 'https://a.test/',
  finalUrl: null,
  params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
  access: null,
  status,
  statusReason: null,
  attempt: 1,
  queuedAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  totals: null,
  skippedPages: [],
  reports: [{ format: 'html', state: reportState, url: '/x' }],
});

const progressEvent = (stage: ScanProgress['stage'] | 'unheard_of'): string =>
  `event: progress\ndata: ${JSON.stringify({ scanId: SCAN_ID, stage, attempt: 1, at: '2026-01-01T00:00:00.000Z' })}\n\n`;
const finishedEvent = `event: finished\ndata: ${JSON.stringify(scanIn('success'))}\n\n`;

/** A stream that delivers these pieces and then ends, or breaks with an error. */
function streamOf(pieces: readonly string[], failure?: Error): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
      else if (failure) controller.error(failure);
      else controller.close();
    },
  });
}

function clientWith(
  streams: readonly (ReadableStream<Uint8Array> | Error)[],
  scans: readonly (ScanResult | Error)[] = [],
) {
  const nextStream = [...streams];
  const nextScan = [...scans];
  const unused = (): never => {
    throw new Error('not called here');
  };
  const take = <T>(list: (T | Error)[]): T => {
    const next = list.shift() ?? new AppError('STACK_FAILED', 'nothing left');
    if (next instanceof Error) throw next;
    return next;
  };
  const client: GatewayClient = {
    submit: unused,
    cookies: unused,
    findings: unused,
    observation: unused,
    report: unused,
    files: unused,
    file: unused,
    scan: async () => take(nextScan),
    events: async () => take(nextStream),
  };
  return client;
}

async function follow(client: GatewayClient): Promise<{ result: ScanResult; stages: string[] }> {
  const stages: string[] = [];
  const result = await followScan(client, SCAN_ID, {
    onProgress: ({ stage }) => void stages.push(stage),
    signal: new AbortController().signal,
  });
  return { result, stages };
}

describe('followScan', () => {
  it('tells every stage and ends with the finished scan', async () => {
    const client = clientWith([
      streamOf([progressEvent('claimed'), ': heartbeat\n\n', progressEvent('storing'), finishedEvent]),
    ]);
    const { result, stages } = await follow(client);
    expect(result.status).toBe('success');
    expect(stages).toEqual(['claimed', 'storing']);
  });

  it('reads events that arrive in pieces', async () => {
    const text = progressEvent('claimed') + finishedEvent;
    const { result, stages } = await follow(clientWith([streamOf(Array.from(text))]));
    expect(result.status).toBe('success');
    expect(stages).toEqual(['claimed']);
  });

  it('takes up the stream again when it breaks', async () => {
    const broken = streamOf([progressEvent('claimed')], new Error('connection reset'));
    const { result, stages } = await follow(
      clientWith([broken, streamOf([progressEvent('storing'), finishedEvent])]),
    );
    expect(result.status).toBe('success');
    expect(stages).toEqual(['claimed', 'storing']);
  });

  it('asks for the scan itself when there is no stream to be had', async () => {
    const scans = [scanIn('running'), scanIn('success', 'queued'), scanIn('success')];
    const { result } = await follow(clientWith([streamOf([]), streamOf([]), streamOf([])], scans));
    expect(result.reports[0]?.state).toBe('ready');
  });

  it('passes over a stage that only a newer platform knows', async () => {
    const { stages } = await follow(clientWith([streamOf([progressEvent('unheard_of'), finishedEvent])]));
    expect(stages).toEqual([]);
  });

  it('ends at once when the user interrupts', async () => {
    const interruption = new AbortController();
    interruption.abort(new Error('interrupted'));
    const following = followScan(clientWith([new Error('aborted')]), SCAN_ID, {
      onProgress: () => undefined,
      signal: interruption.signal,
    });
    await expect(following).rejects.toThrow('interrupted');
  });
});
