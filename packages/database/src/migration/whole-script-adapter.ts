import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

/**
 * Prisma's adapter, except that a script reaches PostgreSQL in one piece.
 *
 * The original cuts scripts at every semicolon, which tears function bodies apart and leaves half a migration behind
 * when a statement fails. In one piece, PostgreSQL runs a script as one transaction (unless it commits by itself), as
 * the engine's own binary does.
 *
 * @see https://www.postgresql.org/docs/16/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export class WholeScriptAdapterFactory extends PrismaPg {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super(pool);
    this.#pool = pool;
  }

  override async connect(): Promise<Awaited<ReturnType<PrismaPg['connect']>>> {
    const adapter = await super.connect();
    // `onError` of the adapter turns an error of the driver into one that the engine understands, and throws it.
    const { onError } = adapter as unknown as { onError: (this: unknown, error: unknown) => never };
    const runWhole: SqlDriverAdapter['executeScript'] = async (script) => {
      try {
        await this.#pool.query(script);
      } catch (error) {
        onError.call(adapter, error);
      }
    };
    return Object.assign(adapter, { executeScript: runWhole });
  }

  /** Refused: the original would connect to the very database it is meant to spare when that is named by a URL. */
  override connectToShadowDb(): never {
    throw new Error('this platform migrates without a shadow database');
  }
}
