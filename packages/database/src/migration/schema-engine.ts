import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { readSchema } from './migration-files.ts';
import { WholeScriptAdapterFactory } from './whole-script-adapter.ts';

/** The part of WebAssembly used here. TypeScript declares it only together with everything else a browser has. */
declare const WebAssembly: {
  instantiate(
    binary: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/** Where Prisma's WebAssembly reports a panic; its client installs the same thing when that is loaded. */
interface PanicRegistry {
  PRISMA_WASM_PANIC_REGISTRY?: { set_message(message: string): void };
}

let loading: Promise<void> | undefined;

/**
 * Runs `work` with Prisma's own migration engine on the given pool. The engine is WebAssembly from npm, so that
 * migrating needs no download, and it keeps `_prisma_migrations` as `prisma migrate deploy` does.
 */
export async function withSchemaEngine<T>(
  pool: pg.Pool,
  work: (engine: engineModule.SchemaEngine) => Promise<T>,
): Promise<T> {
  await (loading ??= loadEngine());
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [['schema.prisma', await readSchema()]] },
    // The engine's log repeats every script; what matters comes back as results and errors.
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new WholeScriptAdapterFactory(pool)),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}

/** Does by hand what the package leaves to a bundler, since Node does not import `.wasm` files without a flag. */
async function loadEngine(): Promise<void> {
  (globalThis as PanicRegistry).PRISMA_WASM_PANIC_REGISTRY ??= {
    set_message: (message) => {
      throw new Error(`the migration engine panicked: ${message}`);
    },
  };
  const glue = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const binary = await readFile(fileURLToPath(new URL('schema_engine_bg.wasm', glue)));
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': engineImports() });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** The engine leaves a timer of ten seconds behind (its limit for taking the lock), which must keep no process alive. */
function engineImports(): Record<string, unknown> {
  const imports: Record<string, unknown> = { ...engineModule };
  for (const name of Object.keys(imports).filter((key) => key.startsWith('__wbg_setTimeout_'))) {
    imports[name] = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref();
  }
  return imports;
}
