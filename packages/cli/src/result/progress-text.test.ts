import { consentStateSchema, scanProgressSchema, scanStageSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { progressText } from './progress-text.ts';

const progress = (fields: Record<string, unknown>) =>
  scanProgressSchema.parse({
    scanId: '0190a0a0-0000-7000-8000-000000000000',
    stage: 'navigating',
    attempt: 1,
    at: '2026-01-01T00:00:00.000Z',
    ...fields,
  });

describe('progressText', () => {
  it.each(scanStageSchema.options)('has words for the stage %s', (stage) => {
    expect(progressText(progress({ stage }))).toMatch(/^[A-Z][a-z]* [a-z]/);
  });

  it('tells of cookies, pages and further attempts only where there is something to tell', () => {
    expect(progressText(progress({}))).toBe('Loading the page');
    expect(progressText(progress({ attempt: 2, pagesDone: 1, pagesKnown: 4, cookiesSeen: 1 }))).toBe(
      'Loading the page, attempt 2, page 2 of 4, 1 cookie so far',
    );
  });

  it('says so when no worker is there that the scan could run on', () => {
    const waitsForWorker = { labels: ['region=eu', 'zone=lab'], since: '2026-01-01T00:00:00.000Z' };
    expect(progressText(progress({ stage: 'queued', attempt: 0, waitsForWorker }))).toBe(
      'Waiting for a worker, which must have region=eu and zone=lab: none is there',
    );
  });

  it.each(consentStateSchema.options)('says that the consent state %s is looked at', (consentState) => {
    expect(progressText(progress({ pagesDone: 2, pagesKnown: 5, consentState }))).toMatch(
      /^Loading the page, consent state 3 of 5 \([a-zG].+\)$/,
    );
  });
});
