import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cookieClassificationSchema,
  scanParamsSchema,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { sampleCookie, sampleObservation, samplePage, sampleTotals } from '@cookie-scanner/contracts/testing';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const TABLES = ['cookies', 'pages', 'storage_items', 'cookie_sightings'];

const MARKETING = cookieClassificationSchema.parse({
  category: 'marketing',
  source: 'pattern_entry',
  confidence: 'high',
  vendor: 'Example Ads\0',
  basis: '2026.11.27',
  provenance: { entry: 'own:c*', corroboratedBy: 'domain' },
});
const NECESSARY = { ...MARKETING, category: 'necessary' as const };

describe('storing what a scan brought', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    await test.sql('CREATE TABLE statements (table_name text)');
    await test.sql(`CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO statements VALUES (TG_TABLE_NAME); RETURN NULL; END $$`);
    for (const table of TABLES) {
      await test.sql(
        `CREATE TRIGGER t AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION count_statement()`,
      );
    }
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const finish = async (observation: SiteObservation): Promise<string> => {
    const { id } = await scans.create({
      requestedUrl: 'https://Shop.example:8443/start',
      params: scanParamsSchema.parse({ mode: 'deep', timeoutMs: 60_000 }),
    });
    await scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    await test.sql('TRUNCATE statements');
    const outcome = await scans.finish(id, {
      attempt: 1,
      workerId: 'worker-1',
      observation,
      totals: sampleTotals(observation.cookies.length),
      artifact: { key: `scans/${id}/observation.json.gz`, sha256: 'cd'.repeat(32), sizeBytes: 512 },
      valuesKept: false,
    });
    expect(outcome).toBe('committed');
    return id;
  };
  const upTo = <T>(count: number, item: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, n) => item(n));

  it.each([2_000, 10_000])(
    'takes one statement per table for %d cookies, pages and storage items',
    async (count) => {
      const id = await finish(
        sampleObservation(
          upTo(count, (n) => sampleCookie({ name: `cookie-${n}` })),
          {
            pages: upTo(count, (n) => samplePage({ url: `https://shop.example/${n}`, title: `Page ${n}` })),
            storage: upTo(count, (n) => ({
              kind: 'local',
              origin: 'https://shop.example',
              key: `item-${n}`,
              sizeBytes: n,
              valueShape: null,
              consentStates: [],
              setBy: { kind: 'javascript', url: null, initiators: [], confidence: 'observed' },
            })),
          },
        ),
      );
      expect(
        await test.sql('SELECT table_name, count(*)::int AS count FROM statements GROUP BY 1 ORDER BY 1'),
      ).toEqual([...TABLES].sort().map((table_name) => ({ table_name, count: 1 })));
      for (const table of ['cookies', 'pages', 'storage_items']) {
        expect(
          await test.sql(
            `SELECT count(*)::int AS count, max(position) AS last FROM ${table} WHERE scan_id = $1`,
            [id],
          ),
        ).toEqual([{ count, last: count - 1 }]);
      }
      expect(
        await test.sql(
          `SELECT scan.domain, count(*)::int AS count
          FROM scan_results scan JOIN cookies ON scan_id = scan.id AND scanned_at = finished_at
         WHERE scan.id = $1 GROUP BY 1`,
          [id],
        ),
      ).toEqual([{ domain: 'shop.example', count }]);
    },
  );

  it('takes cookies with names and paths of 4 KB, and two of the same name', async () => {
    // Random text, because PostgreSQL compresses other text until it fits into an index after all.
    const name = upTo(1_024, () => Math.random().toString(36).slice(2, 6)).join('');
    const id = await finish(
      sampleObservation([
        sampleCookie({ name, path: `/${name}` }),
        sampleCookie({ name, path: `/${name}`, partitionKey: 'https://shop.example' }),
        sampleCookie({ name, path: '/other' }),
      ]),
    );
    const page = await scans.listCookies(id, { cursor: null, limit: 10 });
    expect(page?.items.map((cookie) => cookie.name)).toEqual([name, name, name]);
    expect(
      await test.sql('SELECT count(*)::int AS count FROM cookie_sightings WHERE name = $1', [name]),
    ).toEqual([{ count: 2 }]);
  });

  it('takes hostile text in pages and storage', async () => {
    const hostile = 'x\0\ud800\u202e<script>';
    const id = await finish(
      sampleObservation([], {
        pages: [
          samplePage({
            url: hostile,
            httpStatus: null,
            status: 'failed',
            statusReason: hostile,
            title: hostile.repeat(5_000),
            redirects: upTo(500, () => hostile),
          }),
        ],
        storage: [
          {
            kind: 'indexeddb',
            origin: hostile,
            key: hostile,
            sizeBytes: 9_000_000_000,
            valueShape: null,
            consentStates: [],
            setBy: { kind: 'unknown', url: hostile, initiators: [hostile], confidence: 'unknown' },
          },
        ],
      }),
    );
    expect(
      await test.sql(
        'SELECT url, char_length(title) AS title, cardinality(redirects) AS redirects FROM pages WHERE scan_id = $1',
        [id],
      ),
    ).toEqual([{ url: 'x\\u0000\\ud800\u202e<script>', title: expect.any(Number), redirects: 200 }]);
    expect(await test.sql('SELECT key, size_bytes FROM storage_items WHERE scan_id = $1', [id])).toEqual([
      { key: 'x\\u0000\\ud800\u202e<script>', size_bytes: '9000000000' },
    ]);
  });

  it('lets two scans of one site finish at the same moment', async () => {
    const cookies = upTo(500, (n) => sampleCookie({ name: `shared-${n}` }));
    await Promise.all([
      finish(sampleObservation(cookies)),
      finish(sampleObservation([...cookies].reverse())),
      finish(sampleObservation(cookies)),
    ]);
    expect(
      await test.sql(`SELECT count(*)::int AS count FROM cookie_sightings WHERE name LIKE 'shared-%'`),
    ).toEqual([{ count: 500 }]);
  });

  it('notes in one statement what cookies are for, and lists those of one category', async () => {
    const id = await finish(sampleObservation(upTo(10, (n) => sampleCookie({ name: `c${n}` }))));
    const marked = await scans.classifyCookies(
      id,
      upTo(12, (position) => ({ position, classification: position % 2 === 0 ? MARKETING : NECESSARY })),
    );
    expect(marked).toBe(10);
    const first = await scans.listCookies(id, { category: 'marketing', cursor: null, limit: 3 });
    expect(first?.items.map(({ name }) => name)).toEqual(['c0', 'c2', 'c4']);
    expect(first?.items[0]?.classification).toEqual(MARKETING);
    const second = await scans.listCookies(id, {
      category: 'marketing',
      cursor: first?.nextCursor ?? null,
      limit: 3,
    });
    expect(second).toMatchObject({ items: [{ name: 'c6' }, { name: 'c8' }], nextCursor: null });
  });
});
