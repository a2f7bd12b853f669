import { savedObservation, type SavedObservation } from '@cookie-scanner/analysis/testing';
import { scanParamsSchema, type ScanResult } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { describe, expect, it } from '@jest/globals';
import { failingFindings } from './findings-text.ts';
import { scanJson, scanText, type FinishedScan } from './scan-output.ts';
import { verdictOf } from './verdict.test.fixture.ts';

function finished(name: SavedObservation, scan: Partial<ScanResult> = {}): FinishedScan {
  const observation = savedObservation(name);
  return {
    observation,
    cookies: [],
    verdict: verdictOf(observation),
    reports: [{ format: 'html', path: 'reports/x.html' }],
    files: [],
    scan: {
      id: '0190a0a0-0000-7000-8000-000000000000',
      requestedUrl: observation.requestedUrl,
      finalUrl: observation.finalUrl,
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
      access: null,
      waitsForWorker: null,
      status: observation.status,
      statusReason: observation.statusReason,
      attempt: 1,
      queuedAt: observation.startedAt,
      startedAt: observation.startedAt,
      finishedAt: observation.startedAt,
      durationMs: 1,
      totals: null,
      skippedPages: [],
      reports: [],
      ...scan,
    },
  };
}

describe('scanText', () => {
  it('ends with one sentence about the scan and the place of the report', () => {
    const text = scanText(finished('shop'), 120);
    expect(text).toMatch(/cookies were found on /);
    expect(text).toMatch(/Report \(HTML\): reports\/x\.html\n$/);
  });

  it('says where screenshots and the record of requests are', () => {
    const files = [
      { kind: 'screenshot', path: 'reports/x.files/screenshot-page-1.png' },
      { kind: 'har', path: 'reports/x.files/requests.har' },
    ] as const;
    expect(scanText({ ...finished('shop'), files }, 120)).toMatch(
      /Screenshot: reports\/x\.files\/screenshot-page-1\.png\nHAR: reports\/x\.files\/requests\.har\n$/,
    );
  });

  it('never passes a scan that saw nothing off as a site without cookies', () => {
    expect(scanText(finished('quiet'), 120)).toMatch(/^No cookies were found on /m);
    expect(scanText(finished('unreachable'), 120)).toMatch(
      /could not be scanned because .*cookies are not known/,
    );
    expect(scanText(finished('botWall'), 120)).not.toMatch(/^No cookies were found on [^,]*\.$/m);
  });

  it('says what the scan could not see', () => {
    expect(scanText(finished('deadline'), 120)).toMatch(/Note: The browser blocked third-party cookies\./);
  });

  it('says how the browser was kept from everything else', () => {
    const scan = finished('shop');
    const inside = (inNetworkNamespace: boolean): FinishedScan['observation'] =>
      scan.observation && {
        ...scan.observation,
        quality: { ...scan.observation.quality, inNetworkNamespace },
      };
    expect(scanText({ ...scan, observation: inside(true) }, 120)).toContain('in a network of its own.');
    expect(scanText({ ...scan, observation: inside(false) }, 120)).toContain(
      'in the network of this machine.',
    );
  });

  it('says so when a report could not be made', () => {
    const reports = [{ format: 'html', state: 'failed', url: '/x' }] as const;
    expect(scanText(finished('shop', { reports: [...reports] }), 120)).toMatch(
      /The HTML report could not be made/,
    );
  });

  it('has a sentence for a scan that never reached a browser', () => {
    const lost = {
      ...finished('shop', { status: 'failed', statusReason: 'worker_crashed' }),
      observation: null,
    };
    expect(scanText(lost, 120)).toMatch(/could not be scanned because the scanner itself crashed/);
  });
});

describe('the findings of a scan', () => {
  const tracking = (): FinishedScan => {
    const scan = finished('quiet');
    const observation = sampleObservation([
      sampleCookie({ name: '_fbp' }),
      sampleCookie({ name: 'zq\u202e7' }),
    ]);
    return { ...scan, observation, verdict: verdictOf(observation) };
  };

  it('come first, the gravest before the others, with what to do', () => {
    const lines = scanText(tracking(), 100).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'high      Marketing cookie _fbp is set before consent',
      '          → It comes with the site’s own server: do not send this Set-Cookie header before the',
      '            visitor has agreed.',
      'info      It is not known what cookie zq[U+202E]7 is for',
    ]);
    expect(lines).toContain('Score 90 of 100, confidence medium.');
  });

  it('that people closed are not printed, and fail nothing', () => {
    const scan = tracking();
    const items = scan.verdict.items.map((finding) => ({ ...finding, state: 'accepted' as const }));
    expect(scanText({ ...scan, verdict: { ...scan.verdict, items } }, 100)).not.toMatch(/before consent/);
    expect(failingFindings(items, 'info')).toEqual([]);
  });

  it.each([
    ['critical', 0],
    ['high', 1],
    ['low', 1],
    ['info', 2],
  ] as const)('reach %s: %i', (severity, count) => {
    expect(failingFindings(tracking().verdict.items, severity)).toHaveLength(count);
  });
});

describe('scanJson', () => {
  it('is one document with the scan, its cookies, its quality and its reports', () => {
    const document = JSON.parse(scanJson(finished('shop'), null)) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual([
      'scan',
      'findings',
      'metrics',
      'cookies',
      'quality',
      'baseline',
      'reports',
      'files',
    ]);
    expect(document['quality']).toMatchObject({ timedOut: false });
  });
});
