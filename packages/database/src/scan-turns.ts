import { getDomain } from 'tldts';
import type { Prisma } from './generated/client.ts';

/**
 * How far apart the turns of a workspace of weight 1 lie; one of weight 10 has ten turns in the same stretch. BullMQ
 * takes priorities up to two million, so this is enough for 200,000 scans that wait at once.
 */
const TURN_STEP = 10;

/**
 * Gives scans that are handed to the queue for the first time their turns, and notes which site each of them visits.
 *
 * Turns are start times of fair queueing: a scan of a workspace comes one step after the one before of the same
 * workspace, or, when that has none that wait or run, at the turn that is served now. So workspaces alternate, however many
 * scans each of them has waiting, and none saves up turns while it has nothing to do. A scan that is offered again
 * keeps its turn.
 *
 * @param ids - in the order in which they were submitted
 * @returns the turn of each scan that exists
 * @see https://doi.org/10.1145/248156.248171 Goyal, Vin and Cheng, Start-time Fair Queuing
 */
export async function takeTurns(
  tx: Prisma.TransactionClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; turn: number | null; domain: string | null }[]>`
    SELECT id, turn, domain FROM scan_results WHERE id = ANY(${ids}::uuid[])`;
  const waiting = new Map(rows.filter(({ turn }) => turn === null).map((row) => [row.id, row]));
  const turns = new Map(rows.flatMap(({ id, turn }) => (turn === null ? [] : [[id, turn] as const])));
  // Each once, in the order of submission.
  const fresh = [...new Set(ids)].filter((id) => waiting.has(id));
  if (fresh.length === 0) return turns;
  const sites = fresh.map((id) => siteOf(waiting.get(id)?.domain ?? null));
  const given = await tx.$queryRaw<{ id: string; turn: number }[]>`
    WITH batch AS (
      SELECT scan.id, scan.workspace_id, given.site,
             row_number() OVER (PARTITION BY scan.workspace_id ORDER BY given.place)::int - 1 AS nth
        FROM unnest(${fresh}::uuid[], ${sites}::text[]) WITH ORDINALITY AS given (id, site, place)
        JOIN scan_results AS scan ON scan.id = given.id
    ), served AS (
      SELECT coalesce(
        (SELECT max(turn) FROM scan_results WHERE status = 'running'),
        (SELECT min(turn) FROM scan_results WHERE status = 'queued' AND turn IS NOT NULL),
        0) AS turn
    ), line AS (
      SELECT workspace.id AS workspace_id, ceil(${TURN_STEP}::numeric / workspace.scan_weight)::int AS step, (
        SELECT max(turn) FROM scan_results AS scan
         WHERE scan.workspace_id = workspace.id AND status IN ('queued', 'running') AND turn IS NOT NULL) AS last
        FROM workspaces AS workspace WHERE workspace.id IN (SELECT workspace_id FROM batch)
    )
    UPDATE scan_results AS scan
       SET turn = greatest(served.turn, coalesce(line.last + line.step, 0)) + batch.nth * line.step, site = batch.site
      FROM batch JOIN line USING (workspace_id), served
     WHERE scan.id = batch.id
    RETURNING scan.id, scan.turn`;
  for (const { id, turn } of given) turns.set(id, turn);
  return turns;
}

/** What scans of a host burden: its registrable domain, or the host itself where it has none, as an IP address. */
function siteOf(domain: string | null): string | null {
  return domain === null ? null : (getDomain(domain, { allowPrivateDomains: true }) ?? domain);
}
