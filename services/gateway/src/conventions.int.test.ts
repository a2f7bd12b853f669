import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { scanProfilePageSchema, scanResultSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const ORIGIN = 'https://dashboard.example';
const used = useTestGateway({ corsOrigins: [ORIGIN] });

const submit = (key: string, url = 'https://shop.example/', headers: Record<string, string> = {}) =>
  used.gateway.fetch('/scans', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body: JSON.stringify({ url }),
  });
const refusal = async (response: Response) => [response.status, problemBody(await response.text()).code];
const scanCountOf = async (domain: string) =>
  (await used.database.sql('SELECT FROM scan_results WHERE domain = $1', [domain])).length;

describe('Idempotency-Key', () => {
  it('makes one scan of 50 requests at once, and each gets the same answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await submit('fifty', 'https://fifty.example/');
        return [response.status, response.headers.get('location'), await response.json()];
      }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.[0]).toBe(202);
    expect(await scanCountOf('fifty.example')).toBe(1);
    const [{ count }] = (await used.database.sql<{ count: string }>(
      `SELECT count(*) FROM audit_logs WHERE action = 'scan.create' AND after ->> 'url' LIKE '%fifty%'`,
    )) as [{ count: string }];
    expect(count).toBe('1');
  });

  it('of another request is refused', async () => {
    expect((await submit('mine')).status).toBe(202);
    expect(await refusal(await submit('mine', 'https://other.example/'))).toEqual([
      422,
      'IDEMPOTENCY_KEY_REUSED',
    ]);
  });

  it.each([
    ['300 characters', 'x'.repeat(300)],
    ['nothing', ''],
  ])('of %s is refused', async (_what, key) => {
    expect(await refusal(await submit(key))).toEqual([422, 'INPUT_INVALID']);
  });

  it('counts in its workspace alone', async () => {
    const accounts = testAccounts(used.gateway, used.database);
    const stranger = await accounts.addPerson();
    await accounts.join(await accounts.addWorkspace(), stranger, 'Admin');
    const own = scanResultSchema.parse(await (await submit('shared')).json());
    const theirs = await submit('shared', undefined, bearer(await accounts.signIn(stranger)));
    expect(scanResultSchema.parse(await theirs.json()).id).not.toBe(own.id);
  });

  it('is forgotten a day later, and of a request that failed at once', async () => {
    const first = scanResultSchema.parse(await (await submit('old')).json());
    await used.database.sql(`UPDATE idempotency_keys SET expires_at = now() WHERE key = 'old'`);
    const second = await submit('old', 'https://later.example/');
    expect(scanResultSchema.parse(await second.json()).id).not.toBe(first.id);

    expect((await submit('failed', 'ftp://x')).status).toBe(422);
    expect((await submit('failed')).status).toBe(202);
  });

  it('holds for profiles, sites and repeated scans too', async () => {
    const post = (path: string, body?: object) =>
      used.gateway.fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `again ${path}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const { id } = scanResultSchema.parse(
      await (await submit('to repeat', 'https://repeated.example/')).json(),
    );
    await used.gateway.fetch(`/scans/${id}/cancel`, { method: 'POST' });
    for (const [path, body] of [
      ['/profiles', { name: 'Once', params: {} }],
      ['/domains', { domain: 'once.example', startUrls: ['https://once.example/'] }],
      [`/scans/${id}/retry`, undefined],
    ] as const) {
      const answers = [await post(path, body), await post(path, body)];
      const ids = await Promise.all(
        answers.map(async (answer) => ((await answer.json()) as { id: string }).id),
      );
      expect([path, new Set(ids).size, ids[0]]).toEqual([path, 1, expect.any(String)]);
    }
    expect(await scanCountOf('repeated.example')).toBe(2);
  });
});

describe('answers', () => {
  const profiles = async (encoding: string) => fetchRaw('/profiles', { 'Accept-Encoding': encoding });
  async function fetchRaw(path: string, headers: Record<string, string>, method = 'GET') {
    const { request } = await import('node:http');
    const { promise, resolve, reject } = Promise.withResolvers<{
      headers: Record<string, string | string[] | undefined>;
      bytes: Buffer;
    }>();
    request(
      used.gateway.url + path,
      { method, headers: { Authorization: `Bearer ${used.gateway.apiKey}`, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => resolve({ headers: answer.headers, bytes: Buffer.concat(chunks) }));
      },
    )
      .once('error', reject)
      .end();
    return promise;
  }

  it('are compressed as the client wishes', async () => {
    const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };
    for (const [encoding, decompress] of Object.entries(decode)) {
      const { headers, bytes } = await profiles(encoding);
      expect(headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding);
      expect(headers['vary']).toContain('Accept-Encoding');
      expect(scanProfilePageSchema.parse(JSON.parse(decompress(bytes).toString())).items).toHaveLength(5);
    }
  });

  it('say how many more may be asked for', async () => {
    const { headers } = await profiles('identity');
    expect(headers['ratelimit']).toMatch(/^"default";r=\d+;t=\d+$/);
    expect(headers['ratelimit-policy']).toBe('"default";q=10000;w=60');
  });
});

describe('pages of other sites', () => {
  const ask = (origin: string, method = 'GET', headers: Record<string, string> = {}) =>
    used.gateway.fetch('/profiles', {
      method,
      headers: { Origin: origin, 'Sec-Fetch-Site': 'cross-site', ...headers },
    });

  it('that the operator named may read answers, and learn what they may send', async () => {
    const answer = await ask(ORIGIN);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
    expect(answer.headers.get('vary')).toContain('Origin');
    const preflight = await ask(ORIGIN, 'OPTIONS', { 'Access-Control-Request-Method': 'POST' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
  });

  it.each([
    'null',
    'https://evil.example',
    'https://dashboard.example.evil.example',
    'https://evil-dashboard.example',
    'http://dashboard.example',
    'https://dashboard.example:8443',
    'https://DASHBOARD.example',
    '*',
  ])('such as %s may not', async (origin) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await ask(origin, method, { 'Access-Control-Request-Method': 'POST' });
      expect([method, answer.status]).toEqual([method, 403]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
