import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { readOrClaim, unwrapJson } from './cached-value.ts';
import { fromJsonText } from './json-text.ts';
import type { RedisOwner } from './open-redis.ts';
import { deleteOwned, extendOwned } from './owned-key.ts';

/** How long others wait for the computation of a process that has died. */
const CLAIM_MS = 5_000;
const POLL_MIN_MS = 20;
const POLL_MAX_MS = 250;

/** The right to compute a value, which one caller has among all processes. */
export interface Claim {
  readonly token: string;
  /** Keeps the claim until the returned function is called. */
  keep(): () => void;
  /** Lets somebody else compute. Not waited for: a claim that cannot be given back runs out by itself. */
  giveBack(): void;
}

/** What a look at the cache came to. A stale value with a claim is to be computed anew. */
type Found<T> = { readonly value: T; readonly claim?: Claim } | { readonly claim: Claim };

interface Wanted<TSchema extends z.ZodType> {
  readonly schema: TSchema;
  /** Value and claim. */
  readonly keys: readonly [string, string];
  readonly isStaleWelcome: boolean;
  /** Longest wait for the computation of another process. */
  readonly timeoutMs: number;
}

/**
 * Looks for a value until it is there or this caller may compute it.
 *
 * @returns null when another process was waited for in vain
 * @throws AppError REDIS_UNAVAILABLE
 */
export async function findOrClaim<TSchema extends z.ZodType>(
  redis: RedisOwner,
  { schema, keys, isStaleWelcome, timeoutMs }: Wanted<TSchema>,
): Promise<Found<z.output<TSchema>> | null> {
  const deadlineMs = performance.now() + timeoutMs;
  let pollMs = POLL_MIN_MS;
  let isForced = false;
  for (;;) {
    const { text, isFresh, claim } = await look(redis, keys, isForced);
    const reading = text === null ? null : fromJsonText(schema, unwrapJson(text));
    if (reading?.isReadable && isFresh) {
      claim?.giveBack();
      return { value: reading.value };
    }
    if (reading?.isReadable && isStaleWelcome) return { value: reading.value, ...(claim && { claim }) };
    if (claim) return { claim };
    if (performance.now() >= deadlineMs) return null;
    if (isFresh && !isForced) {
      // Another version of the platform wrote it in a way we cannot read: it is replaced.
      isForced = true;
    } else {
      await delay(pollMs * (0.5 + Math.random() / 2));
      pollMs = Math.min(pollMs * 2, POLL_MAX_MS);
    }
  }
}

async function look(
  redis: RedisOwner,
  keys: readonly [string, string],
  isForced: boolean,
): Promise<{ text: string | null; isFresh: boolean; claim: Claim | undefined }> {
  const claim = claimOf(redis, keys[1]);
  try {
    const args = [claim.token, CLAIM_MS, isForced ? 1 : 0];
    const [text, isFresh, isClaimed] = await readOrClaim.run(redis, keys, args);
    return { text, isFresh, claim: isClaimed ? claim : undefined };
  } catch (error) {
    // It may have been granted without our hearing of it.
    claim.giveBack();
    throw error;
  }
}

function claimOf(redis: RedisOwner, key: string): Claim {
  const token = randomUUID();
  return {
    token,
    keep() {
      const renewal = setInterval(() => {
        // One that fails is made up for by the next; a claim that is lost costs a second computation.
        extendOwned.run(redis, [key], [token, CLAIM_MS]).catch(() => undefined);
      }, CLAIM_MS / 3).unref();
      return () => clearInterval(renewal);
    },
    giveBack() {
      deleteOwned.run(redis, [key], [token]).catch(() => undefined);
    },
  };
}
