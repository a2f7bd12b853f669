import { dataOf } from '@cookie-scanner/api-client';
import { scanFileListSchema, type ScanFile } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { claimScan, finishScan } from './testing/play-worker.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis: testRedis() });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
});

const PNG = Buffer.from('not really a picture');
const HAR = Buffer.from('{"log":{}}');

function fileOf(kind: ScanFile['kind'], reference: string, bytes: Buffer): ScanFile {
  return {
    kind,
    reference,
    name: kind === 'har' ? 'requests.har' : 'screenshot-page-1.png',
    contentType: 'text/html',
    sizeBytes: bytes.length,
    sha256: 'ab'.repeat(32),
    pageUrl: kind === 'har' ? null : 'https://shop.example/',
    atMs: 1,
    width: kind === 'har' ? null : 1,
    height: kind === 'har' ? null : 1,
  };
}

async function newScan(): Promise<string> {
  const { id } = await dataOf(gateway.api.POST('/scans', { body: { url: 'https://shop.example/' } }));
  return id;
}

/** A finished scan with these files. */
async function scanWith(files: (scanId: string) => ScanFile[]): Promise<string> {
  const scanId = await newScan();
  const attempt = await claimScan(gateway, scanId);
  await gateway.artifacts.put(`scans/${scanId}/1/files/screenshot-page-1.png`, PNG);
  await gateway.artifacts.put(`scans/${scanId}/1/files/requests.har.gz`, gzipSync(HAR));
  await finishScan(gateway, scanId, attempt, [], { files: files(scanId) });
  return scanId;
}

const own = (scanId: string): ScanFile[] => [
  fileOf('screenshot', `scans/${scanId}/1/files/screenshot-page-1.png`, PNG),
  fileOf('har', `scans/${scanId}/1/files/requests.har.gz`, HAR),
];
const get = async (path: string): Promise<Response> => await gateway.fetch(`/scans/${path}`);

describe('the files of a scan', () => {
  it('are listed without telling where they are stored', async () => {
    const scanId = await scanWith(own);
    const text = await (await get(`${scanId}/files`)).text();
    const { items } = scanFileListSchema.parse(JSON.parse(text));
    expect(items.map(({ kind, name }) => [kind, name])).toEqual([
      ['screenshot', 'screenshot-page-1.png'],
      ['har', 'requests.har'],
    ]);
    expect(text).not.toContain('reference');
  });

  it.each([
    ['screenshot-page-1.png', 'image/png', PNG],
    ['requests.har', 'application/json; charset=utf-8', HAR],
  ])('%s is saved and never shown, and nothing in it runs', async (name, type, bytes) => {
    const scanId = await scanWith(own);
    const response = await get(`${scanId}/files/${name}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename="scan-${scanId}-${name}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it('are none for a scan that was asked for none', async () => {
    const scanId = await scanWith(() => []);
    expect(await (await get(`${scanId}/files`)).json()).toEqual({ items: [] });
  });

  it('of another scan are out of reach, whatever an observation says', async () => {
    const other = await scanWith(own);
    const scanId = await scanWith(() => own(other));
    expect((await get(`${scanId}/files/requests.har`)).status).toBe(404);
  });

  it.each(['files/requests.png', 'files/..%2f..%2fobservation.json.gz', 'files/observation.json.gz'])(
    'do not include %s',
    async (path) => {
      expect((await get(`${await scanWith(own)}/${path}`)).status).toBe(404);
    },
  );

  it('are not there before the scan has ended', async () => {
    expect((await get(`${await newScan()}/files`)).status).toBe(409);
    expect((await get('0195a000-0000-7000-8000-000000000000/files')).status).toBe(404);
  });
});
