import type { z } from 'zod';
import { atMostEvery } from './at-most-every.ts';
import { readValue, unwrapJson, wrapJson } from './cached-value.ts';
import type { Compute } from './compute-within.ts';
import { computeOnce, type ComputeOptions } from './get-or-compute.ts';
import { fromJsonText, toJsonText } from './json-text.ts';
import { keyName, type CacheSpaceName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';
import { runOperation } from './run-operation.ts';

const SIZE_MAX_BYTES = 1_048_576;
const LOG_INTERVAL_MS = 60_000;

interface JsonCacheOptions<TSchema extends z.ZodType> {
  /** The family of keys; its lifetime is that of the values. */
  readonly space: CacheSpaceName;
  /** What a value must look like when it is read; what does not counts as absent. */
  readonly schema: TSchema;
  /** Largest JSON text that is kept; 1 MiB unless told. */
  readonly sizeMaxBytes?: number;
}

/**
 * Values of one family, kept as JSON for the lifetime of the family.
 *
 * Redis away is not an error here: reading finds nothing, writing keeps nothing, and the log says so once a minute.
 * Each operation settles within `operationTimeoutMs` of the owner. All of them throw AppError INPUT_INVALID for an id
 * that cannot be part of a key, see `keyName`.
 */
export interface JsonCache<TSchema extends z.ZodType> {
  /** The value, or undefined where there is none that is fresh and readable. */
  get(id: string): Promise<z.output<TSchema> | undefined>;
  /**
   * Keeps a value in place of what was there, and of what is being computed right now.
   *
   * @returns false when it was not kept: too large, or Redis is away
   * @throws Error when the value does not have the shape that it is read back with
   */
  set(id: string, value: z.input<TSchema>): Promise<boolean>;
  /**
   * Forgets a value because its source changed. A computation that began before is not kept.
   *
   * @returns false when Redis is away: the value may then stay for the rest of its life
   */
  delete(id: string): Promise<boolean>;
  /**
   * The value, or what `compute` makes of the source: computed once for all who ask meanwhile, in this process and in
   * the others. With Redis away, and for whoever has waited `timeoutMs` for another process, it is computed directly.
   *
   * An error of `compute` is kept nowhere and reaches everyone in this process who waits for it; whoever waits in
   * another process tries for itself. Settles within twice `timeoutMs` and three operations.
   *
   * @throws AppError COMPUTE_TIMED_OUT when `compute` takes longer than `timeoutMs`
   * @throws Error when what was computed does not have the shape that it is read back with
   */
  getOrCompute(
    id: string,
    compute: Compute<z.input<TSchema>>,
    options?: ComputeOptions,
  ): Promise<z.output<TSchema>>;
}

/** Opens the cache of one family. One per process and family, so that everyone in the process shares computations. */
export function jsonCache<TSchema extends z.ZodType>(
  redis: RedisOwner,
  { space, schema, sizeMaxBytes = SIZE_MAX_BYTES }: JsonCacheOptions<TSchema>,
): JsonCache<TSchema> {
  const warn = atMostEvery(LOG_INTERVAL_MS, (message: string, fields: Record<string, unknown>) => {
    redis.logger.warn(message, { space, ...fields });
  });
  const onAway = (error: unknown): void => warn('the cache is left out: Redis is away or refuses', { error });
  const keysOf = (id: string): { value: string; claim: string } => ({
    value: keyName(redis.prefix, space, id),
    claim: keyName(redis.prefix, 'lock', 'cache', space, id),
  });

  /** The text to keep; null when it is too large. */
  function pack(json: { text: string; sizeBytes: number }, staleForMs: number): string | null {
    if (json.sizeBytes <= sizeMaxBytes) return wrapJson(json.text, staleForMs);
    warn('a value is too large for the cache', { sizeBytes: json.sizeBytes, sizeMaxBytes });
    return null;
  }

  const computing = computeOnce({ redis, space, schema, keysOf, pack, onAway });

  return {
    getOrCompute: (id, compute, options) => computing.getOrCompute(id, compute, options),
    async get(id) {
      const { value } = keysOf(id);
      try {
        const [text, isFresh] = await readValue.run(redis, [value], []);
        if (text === null || !isFresh) return undefined;
        const reading = fromJsonText(schema, unwrapJson(text));
        return reading.isReadable ? reading.value : undefined;
      } catch (error) {
        onAway(error);
        return undefined;
      }
    },
    async set(id, input) {
      const { value, claim } = keysOf(id);
      const text = pack(toJsonText(schema, input), 0);
      if (text === null) return false;
      computing.forget(id);
      return succeeds(
        runOperation(redis, (connection) =>
          connection.multi().set(value, text, 'EX', redis.lifetimeSeconds(space)).del(claim).exec(),
        ),
        onAway,
      );
    },
    async delete(id) {
      const { value, claim } = keysOf(id);
      computing.forget(id);
      return succeeds(
        runOperation(redis, (connection) => connection.del(value, claim)),
        onAway,
      );
    },
  };
}

async function succeeds(operation: Promise<unknown>, onFailure: (error: unknown) => void): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    onFailure(error);
    return false;
  }
}
