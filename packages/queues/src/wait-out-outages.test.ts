import { describe, expect, it } from '@jest/globals';
import { AppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { waitOutOutages } from './wait-out-outages.ts';

const context = {
  ...{ signal: new AbortController().signal, attempt: 1, isLastAttempt: false, log: silentLogger },
};

function failingWith(error: unknown): () => Promise<void> {
  const processor = waitOutOutages(() => Promise.reject(error as Error));
  return () => processor({}, context);
}

describe('waitOutOutages', () => {
  it.each(['DATABASE_UNAVAILABLE', 'ARTIFACT_STORE_UNAVAILABLE', 'REDIS_UNAVAILABLE'] as const)(
    'brings a job back later that met %s',
    async (code) => {
      await expect(failingWith(new AppError(code, 'away'))).rejects.toMatchObject({ name: 'RetryLater' });
    },
  );

  it('leaves every other failure as it is', async () => {
    const hopeless = new AppError('SCAN_NOT_FOUND', 'gone');
    await expect(failingWith(hopeless)).rejects.toBe(hopeless);
    const tooEarly = new AppError('SCAN_NOT_FINISHED', 'too early');
    await expect(failingWith(tooEarly)).rejects.toBe(tooEarly);
    const putOff = new AppError('DELIVERY_FAILED', 'put off');
    await expect(failingWith(putOff)).rejects.toBe(putOff);
    const bug = new TypeError('a bug');
    await expect(failingWith(bug)).rejects.toBe(bug);
  });

  it('does not touch a job that works', async () => {
    await expect(waitOutOutages(() => Promise.resolve())({}, context)).resolves.toBeUndefined();
  });
});
