import { PassThrough } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { createLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from './testing/raw-http.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
const stream = new PassThrough();
let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  const logger = createLogger({ service: 'gateway', level: 'info', stream });
  gateway = await startTestGateway({ databaseUrl: database.url, redis, logger });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
});

/** The log line of the request with this id. */
async function lineOf(requestId: string): Promise<Record<string, unknown>> {
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    for (const text of String(chunk).split('\n').filter(Boolean)) {
      const line = JSON.parse(text) as Record<string, unknown>;
      if (line['message'] === 'request' && line['requestId'] === requestId) return line;
    }
  }
  throw new Error('the log ended');
}

describe('a request', () => {
  it('leaves one log line with its ids, without its query', async () => {
    const scanId = '0195a000-0000-7000-8000-000000000000';
    const headers = { 'X-Request-Id': 'request-0001' };
    await sendRaw(gateway, { path: `/api/v1/scans/${scanId}?token=canary`, headers });
    const line = await lineOf('request-0001');
    expect(line).toMatchObject({
      method: 'GET',
      path: `/api/v1/scans/${scanId}`,
      status: 404,
      scanId,
      isComplete: true,
    });
    expect(JSON.stringify(line)).not.toContain('canary');
  });

  it('is counted by route and not by path', async () => {
    await sendRaw(gateway, { path: '/api/v1/scans/one' });
    await sendRaw(gateway, { path: '/two' });
    const { body } = await sendRaw(gateway, { path: '/metrics' });
    expect(body).toContain('http_requests_total{method="GET",route="/scans/:scanId",status="404"');
    expect(body).toContain('http_requests_total{method="GET",route="none",status="404"');
    expect(body).not.toMatch(/scans\/one|two/);
  });
});
