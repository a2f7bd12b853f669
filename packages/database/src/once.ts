import { AppError } from '@cookie-scanner/errors';
import { Prisma } from './generated/client.ts';
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

/** Who used a key, which counts for nobody else: a workspace by its id, or somebody beyond workspaces. */
type KeyOwner = string | { readonly userId: string };

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
  owner: KeyOwner,
  request: OnceRequest | undefined,
  answer: { parse(stored: unknown): T },
  work: () => Promise<T>,
): Promise<T> {
  if (request === undefined) return work();
  const { key, requestHash } = request;
  const [column, ownerId] = columnOf(owner);
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO idempotency_keys AS known (${column}, key, request_hash, expires_at)
    VALUES (${ownerId}::uuid, ${key}, ${requestHash}, now() + ${LIFETIME}::interval)
    ON CONFLICT (${column}, key) DO UPDATE
       SET request_hash = excluded.request_hash, answer = NULL, expires_at = excluded.expires_at
     WHERE known.expires_at <= now()
    RETURNING id`;
  if (!taken) return answer.parse(await earlierAnswer(tx, owner, request));

  const done = await work();
  await tx.$executeRaw`
    UPDATE idempotency_keys SET answer = ${JSON.stringify(toPostgresJson(done))}::jsonb WHERE id = ${taken.id}::uuid`;
  await tx.$executeRaw`
    DELETE FROM idempotency_keys WHERE id IN (
      SELECT id FROM idempotency_keys WHERE ${column} = ${ownerId}::uuid AND expires_at <= now()
       LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
  return done;
}

async function earlierAnswer(
  tx: Prisma.TransactionClient,
  owner: KeyOwner,
  { key, requestHash }: OnceRequest,
): Promise<unknown> {
  const [column, ownerId] = columnOf(owner);
  const [known] = await tx.$queryRaw<{ request_hash: string; answer: unknown }[]>`
    SELECT request_hash, answer FROM idempotency_keys WHERE ${column} = ${ownerId}::uuid AND key = ${key}`;
  if (known?.request_hash === requestHash) return fromPostgresJson(known.answer);
  throw new AppError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for another request; take a new one for each thing that you ask for.',
  );
}

/** The column that names the owner, and the owner's id. */
function columnOf(owner: KeyOwner): [Prisma.Sql, string] {
  return typeof owner === 'string' ? [Prisma.sql`workspace_id`, owner] : [Prisma.sql`user_id`, owner.userId];
}
