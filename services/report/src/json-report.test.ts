import { describe, expect, it } from '@jest/globals';
import { siteObservationSchema } from '@cookie-scanner/contracts';
import { renderJsonReport } from './json-report.ts';
import { reportInput, SHA256 } from './report-input.test.fixture.ts';

function parsed(name: Parameters<typeof reportInput>[0]): Record<string, unknown> {
  return JSON.parse(renderJsonReport(reportInput(name))) as Record<string, unknown>;
}

describe('renderJsonReport', () => {
  it('carries version, scan, summary and the whole observation', () => {
    const report = parsed('shop');
    expect(Object.keys(report)).toEqual([
      'reportVersion',
      'scan',
      'verdict',
      'cookies',
      'storage',
      'summary',
      'observationSha256',
      'observation',
    ]);
    expect(report).toMatchObject({
      reportVersion: 1,
      scan: { id: reportInput('shop').scan.id, status: 'success' },
      summary: { headline: expect.stringMatching(/^12 cookies were found/), counts: { cookies: 12 } },
      observationSha256: SHA256,
      verdict: {
        metrics: { score: expect.any(Number) },
        findings: expect.arrayContaining([expect.objectContaining({ ruleId: 'cookie-before-consent' })]),
      },
    });
    expect(report['cookies']).toHaveLength(12);
    expect(report['scan']).not.toHaveProperty('reports');
  });

  it('keeps the values of a hostile site as they were stored', () => {
    const observation = siteObservationSchema.parse(parsed('hostile')['observation']);
    expect(observation).toEqual(reportInput('hostile').observation);
  });

  it('does not say everything twice', () => {
    const { summary } = parsed('shop') as { summary: { cookies: object[] } };
    expect(Object.keys(summary.cookies[0] ?? {})).toEqual([
      ...['name', 'domain', 'path', 'partitionKey', 'lifetime', 'flags', 'setBy', 'chain'],
    ]);
  });
});
