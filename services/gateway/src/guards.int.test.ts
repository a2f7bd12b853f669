import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { sendRaw, type RawAnswer } from './testing/raw-http.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({
    databaseUrl: database.url,
    redis,
    publicUrl: 'https://scanner.example',
  });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

const code = (answer: RawAnswer) => problemBody(answer.body).code;
const submit = (headers: Record<string, string>, host?: string) =>
  sendRaw(gateway, {
    method: 'POST',
    path: '/api/v1/scans',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: '{"url":"https://shop.example/"}',
    ...(host === undefined ? {} : { host }),
  });

describe('a request that names another host', () => {
  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example:8001',
    '192.168.1.5:8001',
    '0.0.0.0',
    '2130706433',
    '127.1',
    'scanner.example.evil.example',
    'localhost@evil.example',
    'localhost, evil.example',
    'local host',
    '[::ffff:10.0.0.1]',
    '',
  ])('"%s" is refused, on pages that show something and on those that do something', async (host) => {
    for (const path of [
      '/api/v1/openapi.json',
      '/admin/queues',
      `/api/v1/scans/${randomUUID()}`,
      '/nothing',
    ]) {
      const answer = await sendRaw(gateway, { path, host });
      expect([answer.status, code(answer)]).toEqual([421, 'HOST_NOT_ALLOWED']);
    }
    expect((await submit({}, host)).status).toBe(421);
  });

  it('may still ask for health and metrics, as probes do', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await sendRaw(gateway, { path, host: '10.1.2.3:8001' })).status).toBe(200);
    }
  });
});

describe('a request that names us', () => {
  it.each([
    'localhost',
    'LOCALHOST:8001',
    '127.0.0.1:9',
    '127.8.8.8',
    '[::1]:8001',
    'scanner.example',
    'Scanner.Example:443',
  ])('as "%s" is served', async (host) => {
    expect((await sendRaw(gateway, { path: '/api/v1/openapi.json', host })).status).toBe(200);
  });
});

describe('a request that a page of another site makes a browser send', () => {
  it.each<Record<string, string>>([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
    { Origin: 'https://evil.example' },
    { Origin: 'http://127.0.0.1.evil.example:8001' },
    { Origin: 'null' },
    { Origin: 'file://' },
    { Origin: 'https://scanner.example.evil.example' },
    { Origin: 'https://evil.example/localhost' },
    { Origin: 'chrome-extension://abcdef' },
  ])('is refused to submit a scan: %j', async (headers) => {
    const answer = await submit(headers);
    expect([answer.status, code(answer)]).toEqual([403, 'CROSS_SITE_REFUSED']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is refused to read, but may be a link to us', async () => {
    const path = '/api/v1/openapi.json';
    const fetched = await sendRaw(gateway, {
      path,
      headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    });
    expect(fetched.status).toBe(403);
    const followed = await sendRaw(gateway, {
      path,
      headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
    });
    expect(followed.status).toBe(200);
  });

  it('cannot send a form, because only JSON is understood', async () => {
    const answer = await submit({ 'Content-Type': 'text/plain' });
    expect(answer.status).toBe(415);
  });
});

describe('a request of our own pages and of programs', () => {
  it.each<Record<string, string>>([
    {},
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://scanner.example' },
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:8001' },
    { Origin: 'http://[::1]:8001' },
    { 'Sec-Fetch-Site': 'none' },
  ])('may submit a scan: %j', async (headers) => {
    expect((await submit(headers)).status).toBe(202);
  });
});
