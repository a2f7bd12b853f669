import { keysOfEncryptionKey, openAccess } from '@cookie-scanner/auth';
import { scanResultSchema, siteAccessSchema, type ScanResult } from '@cookie-scanner/contracts';
import type { Logger } from '@cookie-scanner/observability';
import { describe, expect, it } from '@jest/globals';
import { TEST_SECRETS } from './testing/start-test-gateway.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

/** Everything secret below has this in it. */
const CANARY = 'canary-4711';
const ACCESS = {
  headers: [{ name: 'X-Preview', value: `${CANARY}-header` }],
  cookies: [{ name: 'preview', value: `${CANARY}-cookie` }],
  httpCredentials: { username: 'visitor', password: `${CANARY}-password` },
  login: {
    recording: {
      title: 'login',
      steps: [
        { type: 'navigate', url: 'https://shop.example/login' },
        { type: 'change', selectors: [['#password']], value: '{{secret:PASSWORD}}' },
      ],
    },
    secrets: { PASSWORD: `${CANARY}-secret` },
  },
};

const lines: unknown[] = [];
const note = (...parts: unknown[]): void => void lines.push(parts);
/** Keeps every line, whatever its level. */
const listening: Logger = { debug: note, info: note, warn: note, error: note, child: () => listening };
const used = useTestGateway({ logger: listening });

async function submit(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await used.gateway.fetch('/scans', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function submitted(): Promise<ScanResult> {
  const response = await submit(
    { url: 'https://shop.example/', access: ACCESS },
    { 'Idempotency-Key': 'once' },
  );
  expect(response.status).toBe(202);
  return scanResultSchema.parse(await response.json());
}

/** Every row of every table that a submission writes to, as text. */
async function everythingStored(): Promise<string> {
  const tables = ['scan_results', 'outbox_events', 'audit_logs', 'idempotency_keys'];
  const rows = await Promise.all(
    tables.map(
      async (table) => await used.database.sql(`SELECT row_to_json(t)::text AS row FROM ${table} t`),
    ),
  );
  return JSON.stringify(rows);
}

describe('a scan of a site that is not open to everybody', () => {
  it('is given its secrets, which are stored encrypted for it alone and shown by no answer, row or log line', async () => {
    const { id, access } = await submitted();
    expect(access).toBe('set');
    const [row] = await used.database.sql<{ sealed: Uint8Array }>(
      'SELECT access_sealed AS sealed FROM scan_results WHERE id = $1',
      [id],
    );
    const keys = keysOfEncryptionKey(TEST_SECRETS.encryptionKey);
    expect(openAccess(keys, id, row?.sealed ?? new Uint8Array())).toEqual(siteAccessSchema.parse(ACCESS));

    const answers = await Promise.all(
      [`/scans/${id}`, '/scans', '/audit-logs'].map(
        async (path) => await (await used.gateway.fetch(path)).text(),
      ),
    );
    expect(answers[0]).toContain('"access":"set"');
    expect(answers.join()).not.toContain(CANARY);
    const stored = await everythingStored();
    // Bytes are written in hexadecimal digits.
    for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64')])
      expect(stored).not.toContain(form);
    expect(JSON.stringify(lines)).not.toContain(CANARY);
  });

  it('is the same scan when it is asked for again, whose secrets are in no hash', async () => {
    const first = await submitted();
    expect((await submitted()).id).toBe(first.id);
  });

  it.each([
    ['cancelled', async (id: string) => await used.gateway.fetch(`/scans/${id}/cancel`, { method: 'POST' })],
    [
      'given up',
      async (id: string) =>
        await used.database.sql(
          `UPDATE scan_results SET status = 'failed', finished_at = now() WHERE id = $1`,
          [id],
        ),
    ],
  ])('is forgotten what opened it when it is %s, and cannot be repeated without', async (_how, end) => {
    const response = await submit({ url: 'https://shop.example/', access: ACCESS });
    const { id } = scanResultSchema.parse(await response.json());
    await end(id);
    const [row] = await used.database.sql(
      'SELECT access_sealed, access_given FROM scan_results WHERE id = $1',
      [id],
    );
    expect(row).toEqual({ access_sealed: null, access_given: true });
    const retry = await used.gateway.fetch(`/scans/${id}/retry`, { method: 'POST' });
    expect([retry.status, await retry.text()]).toEqual([409, expect.stringContaining('Submit it anew')]);
  });

  it.each([
    ['a secret that is too short', { ...ACCESS, httpCredentials: { username: CANARY, password: '123' } }],
    [
      'a step of the login that wants a secret that is not there',
      { login: { ...ACCESS.login, secrets: {} } },
    ],
    ['something unknown', { ...ACCESS, token: CANARY }],
    ['a cookie with a bad value', { cookies: [{ name: 'a', value: `${CANARY};x` }] }],
  ])('is refused for %s, and the answer repeats no secret', async (_what, access) => {
    const response = await submit({ url: 'https://shop.example/', access });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('/access');
    expect(text).not.toContain(CANARY);
    expect(JSON.stringify(lines)).not.toContain(CANARY);
  });

  it('needs none: a scan of an open site says so', async () => {
    const response = await submit({ url: 'https://shop.example/' });
    expect(scanResultSchema.parse(await response.json()).access).toBeNull();
  });
});
