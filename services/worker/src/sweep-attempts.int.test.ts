import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  LEASE_MS,
  openProcessor,
  type ProcessorUnderTest,
} from './processors/scan-site.processor.test.helper.ts';
import { startSweeper, sweepAttempts } from './sweep-attempts.ts';

/** Stores a file as an attempt does, says so, and then does nothing more. */
function storingProgram(folder: string, key: string): string {
  const source = new URL('../../../packages/artifacts/src/index.ts', import.meta.url).href;
  return `
    import { openArtifactStore } from ${JSON.stringify(source)};
    await openArtifactStore({ dir: ${JSON.stringify(folder)} }).put(${JSON.stringify(key)}, Buffer.from('half'));
    console.log('stored');
    setInterval(() => undefined, 1000);
  `;
}

describe('sweeping the files of attempts', () => {
  let processor: ProcessorUnderTest;
  beforeAll(async () => {
    processor = await openProcessor();
  });
  afterAll(() => processor.close());

  const sweep = async (): Promise<number> =>
    await sweepAttempts({ ...processor, logger: silentLogger }, new AbortController().signal);
  const leave = async (scanId: string, attempt: number): Promise<unknown> =>
    await processor.artifacts.put(`scans/${scanId}/${attempt}/files/requests.har.gz`, Buffer.from('left'));
  const claim = async (scanId: string, leaseMs = LEASE_MS, attemptsMax = 3): Promise<unknown> =>
    await processor.scans.claim(scanId, { workerId: 'worker-1', leaseMs, attemptsMax });

  it('removes what a killed process stored for a scan that was given up', async () => {
    const scanId = await processor.queuedScan();
    await claim(scanId, 0, 1);
    const key = `scans/${scanId}/1/files/screenshot.png`;
    const worker = spawn(
      process.execPath,
      ['--input-type=module', '--eval', storingProgram(processor.folder, key)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(worker.stdout, 'data');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await expect(sweep()).resolves.toBe(0);

    await processor.scans.reofferStale({ queuedOlderThanMs: 60_000, limit: 100 });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ statusReason: 'worker_crashed' });
    await expect(sweep()).resolves.toBe(1);
    await expect(processor.attemptFolders(scanId)).resolves.toEqual([]);
  });

  it('leaves the attempt that runs alone, and removes those before it', async () => {
    const scanId = await processor.queuedScan();
    await claim(scanId, 0);
    await leave(scanId, 1);
    await claim(scanId);
    await leave(scanId, 2);
    await sweep();
    await expect(processor.attemptFolders(scanId)).resolves.toEqual(['2']);
  });

  it('removes what an attempt left that was handed back', async () => {
    const scanId = await processor.queuedScan();
    await claim(scanId);
    await leave(scanId, 1);
    await processor.scans.releaseClaim(scanId, { attempt: 1 });
    await sweep();
    await expect(processor.attemptFolders(scanId)).resolves.toEqual([]);
  });

  it('keeps results, and everything that it does not know', async () => {
    const scanId = await processor.queuedScan();
    await processor.run(scanId);
    const stranger = randomUUID();
    await leave(stranger, 1);
    await leave(scanId, 7);
    const sweeper = startSweeper({ ...processor, logger: silentLogger });
    await sweeper.stop();
    await sweep();
    expect((await processor.attemptFolders(scanId)).sort()).toEqual(['1', '7']);
    await expect(processor.attemptFolders(stranger)).resolves.toEqual(['1']);
    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({ version: 1 });
  });
});
