import { randomBytes, randomUUID } from 'node:crypto';
import type { TestDatabase } from '../testing/create-test-database.ts';

/** Values of columns, as `pg` sends them. */
export type Row = Record<string, unknown>;

/** A row that a table takes, and changes of it that it must refuse, each with the end of the constraint's name. */
export interface TableCase {
  readonly table: string;
  readonly good: (make: RowMaker) => Row | Promise<Row>;
  readonly breaks: readonly (readonly [what: string, change: Row, constraint: string])[];
}

/** Writes rows, and the rows that others refer to. */
export interface RowMaker {
  insert(table: string, row: Row): Promise<Row>;
  user(): Promise<string>;
  workspace(): Promise<string>;
  scan(change?: Row): Promise<string>;
  domain(): Promise<string>;
}

export const SHA256 = 'ab'.repeat(32);
export const NO_SUCH_ID = '11111111-1111-4111-8111-111111111111';

/** A list of so many texts, as PostgreSQL writes it. */
export function list(length: number, item = 'x'): string {
  return `{${Array.from({ length }, () => item).join()}}`;
}

/** JSON that is bigger than a quarter of a MiB. */
export const BIG_JSON = JSON.stringify({ text: 'x'.repeat(270_000) });

/** Writes rows into a test's database. */
export function rowMaker(test: TestDatabase): RowMaker {
  const insert = async (table: string, row: Row): Promise<Row> => {
    const columns = Object.keys(row);
    const [created] = await test.sql(
      `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join()})
       VALUES (${columns.map((_, n) => `$${n + 1}`).join()}) RETURNING *`,
      Object.values(row),
    );
    return created ?? {};
  };
  const idOf = async (table: string, row: Row): Promise<string> => String((await insert(table, row))['id']);
  return {
    insert,
    user: () => idOf('users', { email: `${randomUUID()}@example.org`, display_name: 'Ada' }),
    workspace: () => idOf('workspaces', { name: 'Lab', slug: randomUUID() }),
    scan: (change = {}) =>
      idOf('scan_results', { requested_url: 'https://shop.example/', params: '{}', ...change }),
    domain: async () =>
      idOf('domain_configs', {
        workspace_id: await idOf('workspaces', { name: 'Lab', slug: randomUUID() }),
        domain: 'shop.example',
      }),
  };
}

/** A hash that no other row has. */
export function freshHash(): string {
  return randomBytes(32).toString('hex');
}
