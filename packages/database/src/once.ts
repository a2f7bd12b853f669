import { AppError } from '@cookie-scanner/errors';
import type { Prisma } from './generated/client.ts';
import { fromPostgresJson, toPostgresJson } from './postgres-text.ts';

/** A request that its client may send again without anything being done twice. */
export interface OnceRequest {
  /** What the client calls it; unique in a workspace. */
  key: string;
  /** SHA-256 of what is asked for, as 64 lower-case hexadecimal digits. */
  requestHash: string;
}

/** For how long a key is remembered, as PostgreSQL writes it. */
const LIFETIME = '24 hours';
/** Each use takes more old keys away than it adds. */
const FORGOTTEN_AT_ONCE = 10;

/**
 * Does `work` unless a request with this key was carried out before; then gives the answer of that time. Of several at
 * once one works, and the others wait for it. Everything happens in `tx`, so that what failed may be asked for again.
 *
 * @param request - undefined for a request that has no key: then `work` is simply done
 * @param answer - the schema of what `work` returns, to read it back
 * @throws AppError IDEMPOTENCY_KEY_REUSED when the key was used for something else
 */
export async function once<T extends object>(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  request: OnceRequest | undefined,
  answer: { parse(stored: unknown): T },
  work: () => Promise<T>,
): Promise<T> {
  if (request === undefined) return work();
  const { key, requestHash } = request;
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO idempotency_keys AS known (workspace_id, key, request_hash, expires_at)
    VALUES (${workspaceId}::uuid, ${key}, ${requestHash}, now() + ${LIFETIME}::interval)
    ON CONFLICT (workspace_id, key) DO UPDATE
       SET request_hash = excluded.request_hash, answer = NULL, expires_at = excluded.expires_at
     WHERE known.expires_at <= now()
    RETURNING id`;
  if (!taken) return answer.parse(await earlierAnswer(tx, workspaceId, request));

  const done = await work();
  await tx.$executeRaw`
    UPDATE idempotency_keys SET answer = ${JSON.stringify(toPostgresJson(done))}::jsonb WHERE id = ${taken.id}::uuid`;
  await tx.$executeRaw`
    DELETE FROM idempotency_keys WHERE id IN (
      SELECT id FROM idempotency_keys WHERE workspace_id = ${workspaceId}::uuid AND expires_at <= now()
       LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
  return done;
}

async function earlierAnswer(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { key, requestHash }: OnceRequest,
): Promise<unknown> {
  const [known] = await tx.$queryRaw<{ request_hash: string; answer: unknown }[]>`
    SELECT request_hash, answer FROM idempotency_keys WHERE workspace_id = ${workspaceId}::uuid AND key = ${key}`;
  if (known?.request_hash === requestHash) return fromPostgresJson(known.answer);
  throw new AppError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for another request; take a new one for each thing that you ask for.',
  );
}
