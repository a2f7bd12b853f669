import { type CookieObservation, type CookiePage, scanParamsSchema } from '@cookie-scanner/contracts';
import { cookiePageSchema, cookieSchema } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';

describe('the cookies of a scan', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const scanWith = async (cookies: CookieObservation[]): Promise<string> => {
    const { id } = await scans.create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    await scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    const outcome = await scans.finish(id, {
      attempt: 1,
      workerId: 'worker-1',
      observation: sampleObservation(cookies),
      totals: sampleTotals(cookies.length),
      artifact: { key: `scans/${id}/observation.json.gz`, sha256: 'cd'.repeat(32), sizeBytes: 512 },
      valuesKept: false,
    });
    expect(outcome).toBe('committed');
    return id;
  };
  const page = async (id: string, cursor: string | null = null, limit = 100): Promise<CookiePage> => {
    const found = await scans.listCookies(id, { cursor, limit });
    if (!found) throw new Error('the scan is unknown');
    return found;
  };

  /** What the list shows of a cookie that nobody has classified yet. */
  const shown = (cookie: CookieObservation): object => {
    const fields = Object.entries({ ...cookie, classification: null });
    return Object.fromEntries(fields.filter(([name]) => name in cookieSchema.shape));
  };

  it('come back as they were seen, but without their values', async () => {
    const cookie = sampleCookie({
      name: 'tracker',
      domain: '.ads.example',
      hostOnly: false,
      sameSite: 'None',
      expiresAt: '2027-01-01T12:34:56.789Z',
      session: false,
      partitionKey: 'https://shop.example',
      party: 'third',
      isRedirectParty: true,
      consentStates: ['untouched', 'accept'],
      setBy: {
        kind: 'cookie-store',
        url: 'https://ads.example/a.js',
        initiators: ['https://tags.example/t.js', 'https://shop.example/'],
        confidence: 'inferred',
      },
    });
    const id = await scanWith([cookie]);
    const found = await page(id);
    expect(found).toEqual({ items: [{ id: expect.any(String), ...shown(cookie) }], nextCursor: null });
    expect(cookiePageSchema.parse(found)).toEqual(found);
    const dump = JSON.stringify(await test.sql('SELECT * FROM cookies'));
    expect(dump).not.toContain('secret');
  });

  it('come back exactly even when their text is none that PostgreSQL can hold', async () => {
    const text = 'a\0b\ud800c\\u0000"\'\n\u{1F36A}';
    const hostile = sampleCookie({
      name: text,
      domain: text,
      path: text,
      partitionKey: text,
      pages: [text],
      setBy: { kind: 'javascript', url: text, initiators: [text, text], confidence: 'observed' },
      events: [{ atMs: 1.5, action: 'set', kind: 'javascript', url: text }],
    });
    const id = await scanWith([hostile]);
    expect((await page(id)).items).toEqual([{ id: expect.any(String), ...shown(hostile) }]);
  });

  it('are cut where a website made them endless, and keep both ends of a history', async () => {
    const events = Array.from(
      { length: 5_000 },
      (_, atMs) => ({ atMs, action: 'changed', kind: 'http', url: null }) as const,
    );
    const id = await scanWith([
      sampleCookie({
        pages: Array.from({ length: 1_000 }, (_, n) => `https://shop.example/${n}`),
        setBy: { kind: 'http', url: `data:,${'x'.repeat(100_000)}`, initiators: [], confidence: 'observed' },
        events,
      }),
    ]);
    const [cookie] = (await page(id)).items;
    expect(cookie?.setBy.url).toHaveLength(8_192);
    expect(cookie?.pages).toHaveLength(200);
    expect(cookie?.events).toHaveLength(200);
    expect(cookie?.events[0]?.atMs).toBe(0);
    expect(cookie?.events.at(-1)?.atMs).toBe(4_999);
  });

  it('may be ten thousand, written in one statement and read page by page in order', async () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `cookie-${n}`);
    await test.sql('CREATE TABLE statements (count int)');
    await test.sql(`CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO statements VALUES (1); RETURN NULL; END $$`);
    await test.sql(
      'CREATE TRIGGER t AFTER INSERT ON cookies FOR EACH STATEMENT EXECUTE FUNCTION count_statement()',
    );
    const id = await scanWith(names.map((name) => sampleCookie({ name })));
    await test.sql('DROP TRIGGER t ON cookies');
    expect(await test.sql('SELECT count(*)::int AS count FROM statements')).toEqual([{ count: 1 }]);

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, nextCursor } = await page(id, cursor, 1_000);
      seen.push(...items.map(({ name }) => name));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(names);
  });

  it('need no second page when they fill the first exactly', async () => {
    const id = await scanWith([sampleCookie({ name: 'a' }), sampleCookie({ name: 'b' })]);
    expect((await page(id, null, 2)).nextCursor).toBeNull();
    const first = await page(id, null, 1);
    expect(first.nextCursor).not.toBeNull();
    const second = await page(id, first.nextCursor, 1);
    expect(second).toMatchObject({ items: [{ name: 'b' }], nextCursor: null });
  });

  it('are null for an unknown scan and an empty list for a scan without any', async () => {
    const unknown = '11111111-1111-4111-8111-111111111111';
    expect(await scans.listCookies(unknown, { cursor: null, limit: 10 })).toBeNull();
    expect(await page(await scanWith([]))).toEqual({ items: [], nextCursor: null });
  });

  it.each(['', 'x', 'MTIzNDU2Nzg5MA', 'LTE', '%00', 'MQ=='])(
    'refuse the invented cursor %j',
    async (cursor) => {
      const id = await scanWith([]);
      await expect(scans.listCookies(id, { cursor, limit: 10 })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    },
  );

  it('go when the scan goes', async () => {
    const id = await scanWith([sampleCookie()]);
    await test.sql('DELETE FROM scan_results WHERE id = $1', [id]);
    expect(await test.sql('SELECT FROM cookies WHERE scan_id = $1', [id])).toHaveLength(0);
  });
});
