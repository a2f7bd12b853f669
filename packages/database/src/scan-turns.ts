import { getDomain } from 'tldts';
import { Prisma } from './generated/client.ts';
import type { Steps } from './run-statements.ts';

/**
 * How far apart the turns of a workspace of weight 1 lie; one of weight 10 has ten turns in the same stretch. BullMQ
 * takes priorities up to two million, so this is enough for 200,000 scans that wait at once.
 */
const TURN_STEP = 10;

/** A scan that is handed to the queue. */
export interface WaitingScan {
  readonly id: string;
  /** The one that it was given before; null when it is handed over for the first time. */
  readonly turn: number | null;
  /** Host that it visits; null when its URL names none. */
  readonly domain: string | null;
}

/**
 * Gives scans that are handed to the queue for the first time their turns, and notes which site each of them visits.
 *
 * Turns are start times of fair queueing: a scan of a workspace comes one step after the one before of the same
 * workspace, or, when that has none that wait or run, at the turn that is served now. So workspaces alternate, however many
 * scans each of them has waiting, and none saves up turns while it has nothing to do. A scan that is offered again
 * keeps its turn.
 *
 * @param scans - in the order in which they were submitted
 * @returns the turn of each
 * @see https://doi.org/10.1145/248156.248171 Goyal, Vin and Cheng, Start-time Fair Queuing
 */
export async function takeTurns(
  steps: Pick<Steps, 'send'>,
  scans: readonly WaitingScan[],
): Promise<ReadonlyMap<string, number>> {
  const waiting = new Map(scans.filter(({ turn }) => turn === null).map((scan) => [scan.id, scan]));
  const turns = new Map(scans.flatMap(({ id, turn }) => (turn === null ? [] : [[id, turn] as const])));
  // Each once, in the order of submission.
  const fresh = [...waiting.keys()];
  if (fresh.length === 0) return turns;
  const sites = fresh.map((id) => siteOf(waiting.get(id)?.domain ?? null));
  const query = Prisma.sql`
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
  const [given = []] = (await steps.send([{ name: 'take-turns', query }])) as {
    id: string;
    turn: number;
  }[][];
  for (const { id, turn } of given) turns.set(id, turn);
  return turns;
}

/** What scans of a host burden: its registrable domain, or the host itself where it has none, as an IP address. */
function siteOf(domain: string | null): string | null {
  return domain === null ? null : (getDomain(domain, { allowPrivateDomains: true }) ?? domain);
}
