import { scanResultSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let intranetGateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  const publicUrl = 'https://scanner.example:8443';
  gateway = await startTestGateway({ databaseUrl: database.url, redis, publicUrl });
  intranetGateway = await startTestGateway({ databaseUrl: database.url, redis, allowPrivateNetworks: true });
});
afterAll(async () => {
  await gateway.close();
  await intranetGateway.close();
  await database.drop();
  await redis.cleanup();
});

async function submit(url: unknown, to = gateway) {
  const response = await to.fetch('/scans', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ url }),
  });
  return { status: response.status, text: await response.text() };
}

const label = (length: number) => 'a'.repeat(length);

describe('a URL that is no scannable web address is refused with 422', () => {
  it.each([
    ' ',
    'not a url',
    'shop.example',
    '//shop.example/',
    'http://',
    'http:///x',
    'https:shop.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://shop.example/',
    'chrome://version',
    'view-source:http://shop.example/',
    'about:blank',
    'blob:https://shop.example/0',
    'ws://shop.example/',
    'wss://shop.example/',
    'ht\ntp://shop.example/',
    'http://shop.exa\nmple/',
    'http:\\\\shop.example',
    'http://user:pass@shop.example/',
    'http://user@shop.example/',
    'http://shop.example@127.0.0.1/',
    'http://shop.example:0/',
    'http://shop.example:22/',
    'http://shop.example:6379/',
    'http://shop.example:65536/',
    'http://shop.example:99999/',
    'http://shop.example:-1/',
    `http://${label(64)}.example/`,
    `http://${Array.from({ length: 5 }, () => label(60)).join('.')}.example/`,
    'http://a..example/',
    'http://.example/',
    'http://[fe80::1%25eth0]/',
    'http://[::1/',
    'http://exa mple/',
    'http://exam<ple.example/',
    'http://%00.example/',
  ])('%j', async (url) => {
    const { status, text } = await submit(url);
    expect([status, problemBody(text).code]).toEqual([422, 'URL_INVALID']);
  });

  it.each([
    ['nothing', ''],
    ['8,193 characters', `https://shop.example/${'x'.repeat(8_193 - 21)}`],
    ['null', null],
    ['a list', ['https://shop.example/']],
  ])('%s', async (_, url) => {
    const { status, text } = await submit(url);
    expect([status, problemBody(text).code]).toEqual([422, 'INPUT_INVALID']);
  });
});

describe('an address that is not of the public internet is refused with 422, however it is written', () => {
  it.each([
    'http://127.0.0.1',
    'https://:@127.0.0.1/',
    'http://localhost',
    'http://LOCALHOST.',
    'http://app.localhost/',
    'http://[::1]',
    'http://[::]',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://①②⑦.0.0.1',
    'http://127。0。0。1',
    'http://127.0.0.1.',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://100.64.0.1',
    'http://169.254.1.1',
    'http://198.18.0.1',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://240.0.0.1',
    'http://[fc00::1]',
    'http://[fe80::1]',
    'http://169.254.169.254/latest/meta-data',
    'http://metadata.google.internal',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://intranet/',
    'http://foo.local',
    'http://foo.internal',
    'http://foo.onion',
    'http://router.lan',
    'http://x.home.arpa',
    'https://scanner.example/',
    'https://SCANNER.example:8443/api/v1/scans',
  ])('%s', async (url) => {
    const { status, text } = await submit(url);
    expect([status, problemBody(text).code]).toEqual([422, 'ADDRESS_NOT_ALLOWED']);
  });
});

describe('a web address is accepted and stored in its normal form', () => {
  it.each([
    ['https://shop.example', 'https://shop.example/'],
    [' https://shop.example/a ', 'https://shop.example/a'],
    ['https://shop.example/a\t\n', 'https://shop.example/a'],
    ['HTTPS://Shop.Example:443/A', 'https://shop.example/A'],
    ['http://shop.example:8080/', 'http://shop.example:8080/'],
    ['https://shop.example./', 'https://shop.example./'],
    ['https://under_score.example/', 'https://under_score.example/'],
    ['http://пример.рф', 'http://xn--e1afmkfd.xn--p1ai/'],
    ['http://аpple.com', 'http://xn--pple-43d.com/'],
    ['http://☕.example/', 'http://xn--53h.example/'],
    ['https://shop.example/#<script>alert(1)</script>', 'https://shop.example/'],
    ['http://example.com/%0d%0aSet-Cookie:x', 'http://example.com/%0d%0aSet-Cookie:x'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
    ['https://127.0.0.1.nip.io/', 'https://127.0.0.1.nip.io/'],
    [
      "https://shop.example/?q=';DROP TABLE scans;--".replaceAll(' ', '%20'),
      'https://shop.example/?q=%27;DROP%20TABLE%20scans;--',
    ],
  ])('%j', async (url, stored) => {
    const { status, text } = await submit(url);
    expect(status).toBe(202);
    expect(scanResultSchema.parse(JSON.parse(text)).requestedUrl).toBe(stored);
  });

  it('with 2,000 query parameters too', async () => {
    const url = `https://shop.example/?${Array.from({ length: 2_000 }, (_, n) => `a${n % 10}`).join('&')}`;
    expect((await submit(url)).status).toBe(202);
  });
});

describe('with SCAN_ALLOW_PRIVATE_NETWORKS', () => {
  it.each(['http://127.0.0.1:3000/', 'http://intranet/', 'http://10.0.0.1:8081/'])(
    '%s is accepted',
    async (url) => {
      expect((await submit(url, intranetGateway)).status).toBe(202);
    },
  );

  it.each(['file:///etc/passwd', 'http://user:pass@10.0.0.1/', 'javascript:alert(1)'])(
    '%s is refused',
    async (url) => {
      expect((await submit(url, intranetGateway)).status).toBe(422);
    },
  );
});
