import {
  bulkScanAnswerSchema,
  scanBatchPageSchema,
  scanBatchSchema,
  scanPageSchema,
  scanSiteQueue,
} from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

const submit = (
  body: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
  query = '',
  headers = {},
) =>
  used.gateway.fetch(`/scans/bulk${query}`, {
    method: 'POST',
    headers: { 'Content-Type': type, ...headers },
    body,
  });
const submitUrls = (urls: readonly string[], more: object = {}) => submit(JSON.stringify({ urls, ...more }));

async function accepted(response: Response) {
  const text = await response.text();
  expect([response.status, text.slice(0, 200)]).toEqual([202, expect.any(String)]);
  return bulkScanAnswerSchema.parse(JSON.parse(text));
}

async function refusal(response: Response) {
  const { code, detail, errors } = problemBody(await response.text());
  return { status: response.status, code, detail, errors };
}

async function urlsOf(batchId: string): Promise<string[]> {
  const page = await used.gateway.fetch(`/scans?batchId=${batchId}&limit=200`);
  return scanPageSchema.parse(await page.json()).items.map(({ requestedUrl }) => requestedUrl);
}

describe('many scans at once', () => {
  it('are recorded with the jobs they need in one transaction, and show how far they are', async () => {
    const response = await submitUrls(['https://a.example', 'https://b.example/x'], {
      name: 'Two',
      mode: 'deep',
    });
    const { batch, duplicateCount, refused } = await accepted(response);
    expect(response.headers.get('location')).toBe(`/api/v1/scan-batches/${batch.id}`);
    expect([duplicateCount, refused]).toEqual([0, []]);
    const jobs = await used.database.sql<{ payload: unknown; xmin: string }>(
      `SELECT outbox.payload, outbox.xmin FROM outbox_events AS outbox
         JOIN scan_results AS scan ON scan.id::text = outbox.payload ->> 'scanId' AND scan.xmin = outbox.xmin
        WHERE scan.batch_id = $1 AND outbox.queue = $2`,
      [batch.id, scanSiteQueue.name],
    );
    expect(jobs).toHaveLength(2);
    for (const { payload } of jobs) expect(scanSiteQueue.payload.parse(payload)).toEqual(payload);
    expect((await urlsOf(batch.id)).sort()).toEqual(['https://a.example/', 'https://b.example/x']);

    await used.database.sql(
      `UPDATE scan_results SET status = 'cancelled', finished_at = now() WHERE domain = 'a.example'`,
    );
    const shown = await used.gateway.fetch(`/scan-batches/${batch.id}`);
    expect(scanBatchSchema.parse(await shown.json())).toMatchObject({
      name: 'Two',
      scanCount: 2,
      isFinished: false,
      counts: { queued: 1, cancelled: 1, success: 0 },
    });
    const list = await used.gateway.fetch('/scan-batches');
    expect(scanBatchPageSchema.parse(await list.json()).items[0]?.id).toBe(batch.id);
    const audited = await used.database.sql('SELECT action FROM audit_logs WHERE target_id = $1', [batch.id]);
    expect(audited).toEqual([{ action: 'scan_batch.create' }]);
  });

  it('may be 10,000 URLs, of which each is scanned once', async () => {
    const urls = Array.from({ length: 10_000 }, (_, n) => `https://site-${n % 5_000}.example/`);
    const { batch, duplicateCount } = await accepted(await submitUrls(urls));
    expect([batch.scanCount, duplicateCount]).toEqual([5_000, 5_000]);
    expect(await refusal(await submitUrls([...urls, 'https://one.example/']))).toMatchObject({
      status: 422,
      code: 'INPUT_INVALID',
    });
    expect(await refusal(await submitUrls([]))).toMatchObject({ status: 422, code: 'INPUT_INVALID' });
  });

  it('are taken as far as they are good, and every bad row is named', async () => {
    const { batch, refused } = await accepted(
      await submitUrls([
        'https://good.example',
        'ftp://x',
        'http://169.254.169.254/',
        '',
        'https://u:p@x.example/',
      ]),
    );
    expect(batch.scanCount).toBe(1);
    expect(refused.map(({ row, code }) => [row, code])).toEqual([
      [2, 'URL_INVALID'],
      [3, 'ADDRESS_NOT_ALLOWED'],
      [4, 'URL_INVALID'],
      [5, 'URL_INVALID'],
    ]);
    const nothing = await refusal(await submitUrls(['ftp://x', 'nonsense']));
    expect(nothing).toMatchObject({
      status: 422,
      errors: [{ detail: expect.stringContaining('row 1: ') }, {}],
    });
  });
});

describe('a file of URLs', () => {
  it('may be NDJSON, whose bad lines are named', async () => {
    const lines = [
      '"https://a.example"',
      '',
      '{"url":"https://b.example"}',
      '{"url":1}',
      '{',
      '{"url":"x","y":1}',
    ];
    const { batch, refused } = await accepted(await submit(lines.join('\n'), NDJSON, '?name=File&mode=deep'));
    expect([batch.name, batch.scanCount, refused.map(({ row }) => row)]).toEqual(['File', 2, [4, 5, 6]]);
  });

  it.each<[string, string, number, number[]]>([
    ['one URL on each line', 'https://a.example\r\nhttps://b.example/;x,y\r\n', 2, []],
    ['a byte order mark', '\ufeffurl\nhttps://a.example\n', 1, []],
    ['semicolons', 'name;URL\nA;https://a.example\nB;\n', 1, [3]],
    ['tabs and old Mac lines', 'url\tname\rhttps://a.example\tA\rhttps://b.example\tB', 2, []],
    ['quotes, with a line break between them', 'name,url\n"A\nB",https://a.example\nC,ftp://c\n', 1, [4]],
    ['formulas', 'url\n=HYPERLINK("https://a.example")\nhttps://a.example\n@SUM(A1)\n', 1, [2, 4]],
    ['NULs', 'url\nhttps://a.example\u0000\nhttps://b.example\n', 1, [2]],
    ['an endless line', `url\nhttps://a.example/${'x'.repeat(1_000_000)}\nhttps://b.example\n`, 1, [2]],
  ])('may be CSV with %s', async (_what, text, scanCount, rows) => {
    const { batch, refused } = await accepted(await submit(text, CSV));
    expect([batch.scanCount, refused.map(({ row }) => row)]).toEqual([scanCount, rows]);
  });

  it.each<[string, number, string, string | Uint8Array<ArrayBuffer>, string?]>([
    ['nothing in it', 422, 'INPUT_INVALID', ''],
    ['a heading alone', 422, 'INPUT_INVALID', 'url\n'],
    [
      'quotes that never close',
      422,
      'INPUT_INVALID',
      'name,url\nA,https://a.example\n"B,https://b.example\n',
    ],
    ['UTF-16', 422, 'INPUT_INVALID', Buffer.from('\ufeffurl\nhttps://a.example', 'utf16le')],
    ['a ZIP', 422, 'INPUT_INVALID', Buffer.from('504b0304140000000800ff', 'hex')],
    ['10,001 rows', 422, 'INPUT_INVALID', 'https://a.example/\n'.repeat(10_001)],
    ['a million rows', 413, 'BODY_TOO_LARGE', 'https://a.example/\n'.repeat(1_000_000)],
    ['another type', 415, 'MEDIA_TYPE_UNSUPPORTED', 'x', 'application/vnd.ms-excel'],
  ])('is refused with %s', async (_what, status, code, body, type = CSV) => {
    expect(await refusal(await submit(body, type))).toMatchObject({ status, code });
  });

  it('says what the scans are to be like in the query, where nothing else may stand', async () => {
    for (const query of ['?mode=all', '?urls=x', `?profileId=nonsense`, '?pagesMax=3']) {
      expect(await refusal(await submit('https://a.example', CSV, query))).toMatchObject({ status: 422 });
    }
    expect(
      await refusal(await submit('{"urls":["https://a.example"]}', 'application/json', '?mode=deep')),
    ).toMatchObject({
      status: 422,
    });
  });
});

describe('asking for a batch again', () => {
  it('with the same key makes no second one, and gives the same answer', async () => {
    const headers = { 'Idempotency-Key': 'batch-1' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () =>
        accepted(await submit('https://once.example\nftp://x\n', CSV, '', headers)),
      ),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await urlsOf(answers[0]?.batch.id ?? '')).toEqual(['https://once.example/']);
    const other = await refusal(await submit('https://twice.example\n', CSV, '', headers));
    expect(other).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});
