import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from './testing/problem-body.ts';
import { openSocket, parseAnswer, readToEnd, sendBytes } from './testing/raw-http.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  const timing = {
    headersTimeoutMs: 300,
    requestTimeoutMs: 600,
    keepAliveTimeoutMs: 500,
    checkIntervalMs: 50,
  };
  gateway = await startTestGateway({ databaseUrl: database.url, redis, timing });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

describe('requests that are no proper HTTP', () => {
  const host = () => `Host: 127.0.0.1:${gateway.port}\r\n`;
  const json = 'Content-Type: application/json\r\n';

  it.each<[string, number[], () => string]>([
    [
      'Content-Length and Transfer-Encoding',
      [400],
      () =>
        `POST /api/v1/scans HTTP/1.1\r\n${host()}${json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'two Content-Lengths',
      [400],
      () =>
        `POST /api/v1/scans HTTP/1.1\r\n${host()}${json}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    ],
    [
      'an unknown Transfer-Encoding',
      [400],
      () => `POST /api/v1/scans HTTP/1.1\r\n${host()}${json}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'huge chunk extensions',
      [413],
      () =>
        `POST /api/v1/scans HTTP/1.1\r\n${host()}${json}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(40_000)}\r\na\r\n0\r\n\r\n`,
    ],
    [
      'a bad chunk size',
      [400],
      () => `POST /api/v1/scans HTTP/1.1\r\n${host()}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    ],
    [
      '20 KB of one header',
      [431],
      () => `GET /api/v1/openapi.json HTTP/1.1\r\n${host()}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    ['a URL of 20 KB', [414, 431], () => `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host()}\r\n`],
    [
      '200 headers',
      [431],
      () =>
        `GET /api/v1/openapi.json HTTP/1.1\r\n${host()}${'X: y\r\n'.repeat(200)}Connection: close\r\n\r\n`,
    ],
    ['HTTP/0.9', [400], () => 'GET /api/v1/openapi.json\r\n\r\n'],
    ['HTTP/2.0 in words', [400], () => `GET / HTTP/2.0\r\n${host()}\r\n`],
    ['an unknown method', [400], () => `FOO /api/v1/scans HTTP/1.1\r\n${host()}\r\n`],
    ['TRACE', [400, 405], () => `TRACE /api/v1/scans HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`],
    ['CONNECT', [400, 405], () => `CONNECT 127.0.0.1:6379 HTTP/1.1\r\n${host()}\r\n`],
    [
      'a full URL as target',
      [400],
      () => `GET http://127.0.0.1/api/v1/openapi.json HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`,
    ],
    ['no Host', [400], () => 'GET /api/v1/openapi.json HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [
      'two Hosts',
      [400],
      () => `GET /api/v1/openapi.json HTTP/1.1\r\n${host()}Host: evil.example\r\nConnection: close\r\n\r\n`,
    ],
    [
      'a line break in a header',
      [400],
      () => `GET /api/v1/openapi.json HTTP/1.1\r\n${host()}X: a\rb\r\n\r\n`,
    ],
    ['garbage', [400], () => randomBytes(8).toString('hex') + '\r\n\r\n'],
  ])('%s', async (_, statuses, text) => {
    const answer = parseAnswer(await sendBytes(gateway.port, text()));
    expect(statuses).toContain(answer.status);
    expectProblem(answer);
  });

  it('a client that sends its headers drop by drop is answered 408 and closed', async () => {
    const socket = await openSocket(gateway.port);
    socket.write('GET /api/v1/openapi.json HTTP/1.1\r\n');
    const answer = parseAnswer(await readToEnd(socket));
    expect(answer.status).toBe(408);
    expectProblem(answer);
  });

  it('a client that never sends the rest of its body is answered 408 and closed', async () => {
    const socket = await openSocket(gateway.port);
    socket.write(
      `POST /api/v1/scans HTTP/1.1\r\n${host()}Authorization: Bearer ${gateway.apiKey}\r\n${json}Content-Length: 100\r\n\r\n{"url":`,
    );
    const answer = parseAnswer(await readToEnd(socket));
    expect([answer.status, answer.body]).toEqual([408, expect.any(String)]);
  });

  it('a client that goes away in the middle of its body does no harm', async () => {
    const socket = await openSocket(gateway.port);
    socket.write(
      `POST /api/v1/scans HTTP/1.1\r\n${host()}Authorization: Bearer ${gateway.apiKey}\r\n${json}Content-Length: 100\r\n\r\n{"url":`,
    );
    socket.destroy();
    expect((await gateway.fetch(`/openapi.json`)).status).toBe(200);
  });

  it('1,000 requests in one go on one connection are not all served', async () => {
    const request = `OPTIONS /api/v1/scans HTTP/1.1\r\n${host()}\r\n`;
    const text = await sendBytes(gateway.port, request.repeat(1_000));
    expect(text.match(/HTTP\/1\.1 204/g)?.length).toBe(500);
    expect(text).toContain('HTTP/1.1 503');
  });
});
