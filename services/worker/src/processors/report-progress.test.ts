import type { ScanProgress } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { progressReporter } from './report-progress.ts';

describe('progressReporter', () => {
  it('publishes the first sign at once, and of those that come meanwhile the newest', async () => {
    const published: ScanProgress[] = [];
    let arrive: () => void = () => undefined;
    const reporter = progressReporter(
      (sign) => {
        published.push(sign);
        return new Promise((resolve) => (arrive = resolve));
      },
      { scanId: 'scan', attempt: 1 },
    );
    reporter.stage('claimed');
    reporter.engine({ stage: 'navigating', pagesDone: 0, pagesKnown: 1, cookiesSeen: 2, consentState: null });
    reporter.stage('storing');
    expect(published.map(({ stage }) => stage)).toEqual(['claimed']);

    arrive();
    await new Promise(setImmediate);
    expect(published.slice(1)).toMatchObject([{ stage: 'storing', cookiesSeen: 2 }]);

    arrive();
    await new Promise(setImmediate);
    reporter.stage('finished');
    expect(published.map(({ stage }) => stage)).toEqual(['claimed', 'storing', 'finished']);
  });
});
