import { describe, expect, it } from '@jest/globals';
import { scanParamsSchema, type ScanResult } from '@cookie-scanner/contracts';
import { scanFinishedMessage } from './scan-finished.message.ts';

const scan: ScanResult = {
  id: '0190a7c4-5d3e-4b1a-9c2d-3f4e5a6b7c8d',
  requestedUrl: 'https://lumen-garden.example',
  finalUrl: 'https://www.lumen-garden.example/',
  access: null,
  waitsForWorker: null,
  params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
  status: 'success',
  statusReason: null,
  attempt: 1,
  queuedAt: '2026-11-22T09:14:01.000Z',
  startedAt: '2026-11-22T09:14:03.000Z',
  finishedAt: '2026-11-22T09:14:08.000Z',
  durationMs: 4_180,
  totals: {
    ...{ cookies: 12, firstPartyCookies: 8, thirdPartyCookies: 4, transientCookies: 1, blockedCookies: 2 },
    ...{ storageItems: 5, requests: 58, thirdPartyRequests: 21, hosts: 9, pages: 1 },
  },
  skippedPages: [],
  reports: [
    { format: 'html', state: 'ready', url: '/api/v1/scans/0190a7c4/reports/html' },
    { format: 'json', state: 'failed', url: '/api/v1/scans/0190a7c4/reports/json' },
  ],
};

describe('scanFinishedMessage', () => {
  it('says what was found and where to read more', () => {
    const { subject, text } = scanFinishedMessage(scan, 'https://scanner.example.org');
    expect(subject).toBe(
      '12 cookies were found on www.lumen-garden.example: 8 first-party and 4 third-party.',
    );
    expect(text).toBe(
      `12 cookies were found on www.lumen-garden.example: 8 first-party and 4 third-party.

Asked for:      https://lumen-garden.example
Finished:       22 November 2026 at 09:14 UTC
Cookies:        12: 8 first-party, 4 third-party
Not kept:       1 set and gone again, 2 refused by the browser
Other storage:  5 items
Requests:       58, 21 of them to other sites
Report (HTML):  https://scanner.example.org/api/v1/scans/0190a7c4/reports/html
Report (JSON):  could not be built
Scan:           0190a7c4-5d3e-4b1a-9c2d-3f4e5a6b7c8d
`,
    );
  });

  it('does not call a scan without a result a site without cookies', () => {
    const lost = {
      ...scan,
      status: 'failed',
      statusReason: 'worker_crashed',
      totals: null,
      reports: [],
    } as const;
    const { subject, text } = scanFinishedMessage({ ...lost, reports: [] }, null);
    expect(subject).toBe(
      'lumen-garden.example could not be scanned because the scanner itself crashed each time it tried, so its cookies are not known.',
    );
    expect(text).not.toMatch(/Cookies:|0 cookies|No cookies/);
  });

  it('leaves links out where nobody knows the address of this installation', () => {
    const { text, html } = scanFinishedMessage(scan, null);
    expect(text).toContain('/api/v1/scans/0190a7c4/reports/html');
    expect(html).not.toContain('<a ');
  });

  describe('about a hostile address', () => {
    const hostile = {
      ...scan,
      finalUrl: null,
      requestedUrl: `x\r\nBcc: victim@example.org\u202e<script>alert(1)</script>"'&{{7*7}}${'y'.repeat(9_000)}`,
    };
    const { subject, text, html } = scanFinishedMessage(hostile, 'https://scanner.example.org');

    it('keeps the subject to one line of bounded length', () => {
      expect(subject).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(subject).toContain('x[U+000D U+000A]Bcc: victim@example.org[U+202E]');
      expect(subject.length).toBeLessThan(250);
    });

    it('adds no line to the text', () => {
      expect(text).not.toMatch(/^Bcc:/m);
      expect(text.length).toBeLessThan(3_000);
    });

    it('adds no element to the HTML and asks for nothing from elsewhere', () => {
      const elements = [...html.matchAll(/<([a-z0-9]+)/g)].map(([, name]) => name);
      expect([...new Set(elements)].toSorted()).toEqual(
        ['a', 'body', 'h1', 'head', 'html', 'meta', 'table', 'td', 'title', 'tr'].toSorted(),
      );
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{7*7}}');
      expect(html.match(/(href|src)="[^"]*"/g)).toEqual([
        'href="https://scanner.example.org/api/v1/scans/0190a7c4/reports/html"',
      ]);
    });
  });
});
