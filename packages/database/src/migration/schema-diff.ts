import type { DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { withSchemaEngine } from './schema-engine.ts';

/**
 * The SQL that turns the tables of one Prisma schema into those of another; empty when nothing has to change. It knows
 * neither check constraints nor triggers nor partial indexes: those are added by hand.
 *
 * @param pool - any PostgreSQL server: the engine asks for its version and nothing else
 * @param from - text of a schema; null stands for an empty database
 * @throws Error of the engine when a schema is invalid
 */
export function schemaDiff(pool: pg.Pool, from: string | null, to: string): Promise<string> {
  return withSchemaEngine(pool, async (engine) => {
    const { stdout } = await engine.diff({
      from: from === null ? { tag: 'empty' } : target(from),
      to: target(to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const script = stdout ?? '';
    return script.startsWith('-- This is an empty migration') ? '' : script;
  });
}

function target(schema: string): DiffTarget {
  return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] };
}
