import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { scanProfilePageSchema, scanResultSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { analysedScan } from './testing/analysed-scan.ts';
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

/** Sends as somebody, and reads what comes back. */
const senderAs =
  (token: string) =>
  async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(used.gateway.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...bearer(token), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const read = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, tag: response.headers.get('etag'), body: read };
  };

/** An Admin of the platform who leads a workspace. */
async function newLab() {
  const accounts = testAccounts(used.gateway, used.database);
  const person = await accounts.addPerson(['Admin']);
  const workspaceId = await accounts.addWorkspace();
  await accounts.join(workspaceId, person, 'Admin');
  return { accounts, person, workspaceId, send: senderAs(await accounts.signIn(person)) };
}

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

  it('holds for everything that is made, and shows its maker the same secret, which nobody keeps', async () => {
    const { send, workspaceId, accounts } = await newLab();
    const scanId = await analysedScan(used.gateway, ['id']);
    await used.database.sql('UPDATE scan_results SET workspace_id = $1 WHERE id = $2', [workspaceId, scanId]);
    const made: Record<string, Record<string, unknown>> = {};
    for (const [path, body] of [
      ['/profiles', { name: 'Once', params: {} }],
      ['/domains', { domain: 'once.example', startUrls: ['https://once.example/'] }],
      ['/scans', { url: 'https://shop.example/' }],
      [`/scans/${scanId}/retry`, undefined],
      ['/workspaces', { name: 'Once' }],
      ['/api-keys', { name: 'Once', scopes: ['scans:read'] }],
      ['/webhooks', { url: 'https://hooks.example/', events: ['scan_finished'] }],
      [`/workspaces/${workspaceId}/members`, { email: 'once@example.org', role: 'Viewer' }],
    ] as const) {
      const key = { 'Idempotency-Key': `again ${path}` };
      const [first, second] = [await send('POST', path, body, key), await send('POST', path, body, key)];
      expect([path, second]).toEqual([path, first]);
      expect([path, Math.floor(first.status / 100)]).toEqual([path, 2]);
      made[path] = first.body;
    }
    const timing = { frequency: 'daily', timeOfDay: '07:45' };
    const target = { kind: 'labels', labels: ['x'] };
    const schedule = { name: 'Once', profileId: made['/profiles']?.['id'], timing, timeZone: 'UTC', target };
    const key = { 'Idempotency-Key': 'schedule' };
    expect((await send('POST', '/schedules', schedule, key)).status).toBe(201);
    const again = await send('POST', '/schedules', schedule, key);
    expect((await send('GET', '/schedules')).body['items']).toEqual([again.body]);

    const webhook = `/webhooks/${String(made['/webhooks']?.['id'])}`;
    const rotating = { 'Idempotency-Key': 'rotate' };
    const rotated = await send('POST', `${webhook}/secret`, undefined, rotating);
    expect(await send('POST', `${webhook}/secret`, undefined, rotating)).toEqual(rotated);

    const secrets = [made['/api-keys']?.['key'], made['/webhooks']?.['secret'], rotated.body['secret']];
    secrets.push(made[`/workspaces/${workspaceId}/members`]?.['invitationToken']);
    const kept = await used.database.sql<{ answer: unknown }>('SELECT answer FROM idempotency_keys');
    for (const secret of secrets) {
      expect(secret).toEqual(expect.stringMatching(/.{30}/));
      expect(JSON.stringify(kept)).not.toContain(String(secret));
    }
    expect(new Set(secrets).size).toBe(4);

    const other = await accounts.addPerson();
    await accounts.join(workspaceId, other, 'Admin');
    const theirs = senderAs(await accounts.signIn(other));
    const body = { name: 'Once', scopes: ['scans:read'] };
    const stolen = await theirs('POST', '/api-keys', body, { 'Idempotency-Key': 'again /api-keys' });
    expect([stolen.status, stolen.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('If-Match', () => {
  it('is asked for by every change, and names the state that it is about', async () => {
    const { send, person, workspaceId, accounts } = await newLab();
    const member = await accounts.addPerson();
    await accounts.join(workspaceId, member, 'Viewer');
    const idOf = async (path: string, body: object) => String((await send('POST', path, body)).body['id']);
    const keyId = await idOf('/api-keys', { name: 'Key', scopes: ['scans:read'] });
    const hookId = await idOf('/webhooks', { url: 'https://hooks.example/', events: ['scan_finished'] });
    for (const [path, change] of [
      ['/me', { name: 'Grace' }],
      [`/users/${person.id}`, { roles: ['Admin', 'PI'] }],
      [`/workspaces/${workspaceId}`, { description: 'Ours' }],
      [`/workspaces/${workspaceId}/members/${member.id}`, { role: 'Analyst' }],
      [`/api-keys/${keyId}`, { name: 'Renamed' }],
      [`/webhooks/${hookId}`, { description: 'Ours' }],
    ] as const) {
      const { tag } = await send('GET', path);
      const tagged = { 'If-Match': String(tag) };
      const before = await send('PATCH', path, change);
      expect([path, before.status, before.body['code']]).toEqual([path, 428, 'PRECONDITION_REQUIRED']);
      const changed = await send('PATCH', path, change, tagged);
      expect([path, changed.status, changed.tag]).toEqual([path, 200, (await send('GET', path)).tag]);
      const late = await send('PATCH', path, change, tagged);
      expect([path, late.status, late.body['code']]).toEqual([path, 412, 'PRECONDITION_FAILED']);
    }
    // To be used is no change: it must not keep anybody from renaming the key.
    const { tag } = await send('GET', `/api-keys/${keyId}`);
    await used.database.sql('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [keyId]);
    const afterUse = await send('GET', `/api-keys/${keyId}`, undefined, { 'If-None-Match': String(tag) });
    expect([afterUse.status, afterUse.tag, afterUse.body['lastUsedAt']]).toEqual([
      200,
      tag,
      expect.any(String),
    ]);
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
      expect(scanProfilePageSchema.parse(JSON.parse(decompress(bytes).toString())).items).toHaveLength(4);
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
