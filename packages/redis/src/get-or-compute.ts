import type { z } from 'zod';
import { storeClaimed } from './cached-value.ts';
import { computeWithin, type Compute } from './compute-within.ts';
import { findOrClaim, type Claim } from './find-or-claim.ts';
import { toJsonText } from './json-text.ts';
import type { CacheSpaceName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';

/** How a value is had that is not in the cache. */
export interface ComputeOptions {
  /**
   * Answer with a value that is past its lifetime, for as long again, while it is being computed anew in the
   * background. An error of that computation is only logged, and the stale value stays.
   */
  readonly staleWhileRecomputing?: boolean;
  /** Longest that a computation may take, and that another process's is waited for; 30,000 unless told. */
  readonly timeoutMs?: number;
}

interface Deps<TSchema extends z.ZodType> {
  readonly redis: RedisOwner;
  readonly space: CacheSpaceName;
  readonly schema: TSchema;
  readonly keysOf: (id: string) => { value: string; claim: string };
  /** The text to keep; null when it is too large. */
  readonly pack: (json: { text: string; sizeBytes: number }, staleForMs: number) => string | null;
  readonly onAway: (error: unknown) => void;
}

interface Job<TSchema extends z.ZodType> {
  /** Value and claim. */
  readonly keys: readonly [string, string];
  readonly schema: TSchema;
  readonly compute: Compute<z.input<TSchema>>;
  readonly isStaleWelcome: boolean;
  readonly timeoutMs: number;
}

interface Computing<TSchema extends z.ZodType> {
  getOrCompute(
    id: string,
    compute: Compute<z.input<TSchema>>,
    options?: ComputeOptions,
  ): Promise<z.output<TSchema>>;
  /** Lets nobody join the computations of an id that run now. */
  forget(id: string): void;
}

const TIMEOUT_MS = 30_000;

/** Computes each missing value once, however many ask for it at the same time, here and in other processes. */
export function computeOnce<TSchema extends z.ZodType>(deps: Deps<TSchema>): Computing<TSchema> {
  type Flights = Map<string, Promise<z.output<TSchema>>>;
  const fresh: Flights = new Map();
  const stale: Flights = new Map();

  return {
    async getOrCompute(id, compute, { staleWhileRecomputing = false, timeoutMs = TIMEOUT_MS } = {}) {
      const flights = staleWhileRecomputing ? stale : fresh;
      const known = flights.get(id);
      if (known) return known;
      const { value, claim } = deps.keysOf(id);
      const job = {
        keys: [value, claim],
        schema: deps.schema,
        compute,
        isStaleWelcome: staleWhileRecomputing,
        timeoutMs,
      } as const;
      const flight = find(deps, job).finally(() => {
        if (flights.get(id) === flight) flights.delete(id);
      });
      flights.set(id, flight);
      return flight;
    },
    forget(id) {
      fresh.delete(id);
      stale.delete(id);
    },
  };
}

async function find<TSchema extends z.ZodType>(
  deps: Deps<TSchema>,
  job: Job<TSchema>,
): Promise<z.output<TSchema>> {
  const found = await findOrClaim(deps.redis, job).catch((error: unknown) => {
    deps.onAway(error);
    return null;
  });
  if (found === null) return toJsonText(job.schema, await computeWithin(job.compute, job.timeoutMs)).value;
  if (!('value' in found)) return computeAndStore(deps, job, found.claim);
  if (found.claim) {
    computeAndStore(deps, job, found.claim).catch((error: unknown) => {
      deps.redis.logger.warn('a cached value could not be computed anew', { space: deps.space, error });
    });
  }
  return found.value;
}

async function computeAndStore<TSchema extends z.ZodType>(
  { redis, space, pack, onAway }: Deps<TSchema>,
  { keys, schema, compute, isStaleWelcome, timeoutMs }: Job<TSchema>,
  claim: Claim,
): Promise<z.output<TSchema>> {
  const stopKeeping = claim.keep();
  try {
    const json = toJsonText(schema, await computeWithin(compute, timeoutMs));
    const lifetimeMs = redis.lifetimeSeconds(space) * 1_000;
    const staleForMs = isStaleWelcome ? lifetimeMs : 0;
    const text = pack(json, staleForMs);
    if (text === null) claim.giveBack();
    else await storeClaimed.run(redis, keys, [claim.token, text, lifetimeMs + staleForMs]).catch(onAway);
    return json.value;
  } catch (error) {
    claim.giveBack();
    throw error;
  } finally {
    stopKeeping();
  }
}
