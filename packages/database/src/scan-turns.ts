import { getDomain } from 'tldts';
import { Prisma } from './generated/client.ts';
import type { Steps } from './run-statements.ts';
import { holdPoolless } from './scan-pools.ts';

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
  /** Labels that its worker must have. */
  readonly workerLabels: readonly string[];
}

/** Where a scan that is handed over goes. */
interface ScanPlace {
  /** Place in its line. */
  readonly turn: number;
  /** Which line: the labels that its worker must have; absent for the one of all workers. */
  readonly workerLabels?: readonly string[];
}

/** What is to be done with scans that would be handed to the queue. */
interface HandOver {
  /** Scans that are handed over. */
  readonly places: ReadonlyMap<string, ScanPlace>;
  /** Scans that stay in the database, because no worker has the labels that they ask for. */
  readonly held: ReadonlySet<string>;
}

/**
 * Gives scans that are handed to the queue for the first time their turns, and notes which site each of them visits.
 *
 * Turns are start times of fair queueing: a scan of a workspace comes one step after the one before of the same
 * workspace, or, when that has none that wait or run, at the turn that is served now. So workspaces alternate, however many
 * scans each of them has waiting, and none saves up turns while it has nothing to do. A scan that is offered again
 * keeps its turn. Scans that ask for the same labels of a worker stand in one line; each line counts for itself, so that a
 * workspace that waits for rare workers is not put back where it asks for any.
 *
 * @param scans - in the order in which they were submitted
 * @see https://doi.org/10.1145/248156.248171 Goyal, Vin and Cheng, Start-time Fair Queuing
 */
export async function takeTurns(
  steps: Pick<Steps, 'send'>,
  scans: readonly WaitingScan[],
): Promise<HandOver> {
  const choosy = scans.filter(({ workerLabels }) => workerLabels.length > 0).map(({ id }) => id);
  const held = choosy.length === 0 ? new Set<string>() : await holdPoolless(steps, choosy);
  // Each once, in the order of submission.
  const ready = new Map(scans.filter(({ id }) => !held.has(id)).map((scan) => [scan.id, scan]));
  const fresh = [...ready.values()].filter(({ turn }) => turn === null);
  const given = await giveTurns(steps, fresh);
  const places = new Map<string, ScanPlace>();
  for (const { id, turn, workerLabels } of ready.values()) {
    const place = turn ?? given.get(id);
    if (place === undefined) continue;
    places.set(id, { turn: place, ...(workerLabels.length === 0 ? {} : { workerLabels }) });
  }
  return { places, held };
}

async function giveTurns(
  steps: Pick<Steps, 'send'>,
  scans: readonly WaitingScan[],
): Promise<ReadonlyMap<string, number>> {
  if (scans.length === 0) return new Map();
  const ids = scans.map(({ id }) => id);
  const sites = scans.map(({ domain }) => siteOf(domain));
  const query = Prisma.sql`
    WITH batch AS (
      SELECT scan.id, scan.workspace_id, scan.worker_labels, given.site,
             row_number() OVER (PARTITION BY scan.workspace_id, scan.worker_labels ORDER BY given.place)::int - 1 AS nth
        FROM unnest(${ids}::uuid[], ${sites}::text[]) WITH ORDINALITY AS given (id, site, place)
        JOIN scan_results AS scan ON scan.id = given.id
    ), served AS (
      SELECT pool.worker_labels, coalesce(
        (SELECT max(turn) FROM scan_results AS scan
          WHERE scan.worker_labels = pool.worker_labels AND status = 'running'),
        (SELECT min(turn) FROM scan_results AS scan
          WHERE scan.worker_labels = pool.worker_labels AND status = 'queued' AND turn IS NOT NULL),
        0) AS turn
        FROM (SELECT DISTINCT worker_labels FROM batch) AS pool
    ), line AS (
      SELECT own.workspace_id, own.worker_labels, ceil(${TURN_STEP}::numeric / workspace.scan_weight)::int AS step, (
        SELECT max(turn) FROM scan_results AS scan
         WHERE scan.workspace_id = own.workspace_id AND scan.worker_labels = own.worker_labels
           AND status IN ('queued', 'running') AND turn IS NOT NULL) AS last
        FROM (SELECT DISTINCT workspace_id, worker_labels FROM batch) AS own
        JOIN workspaces AS workspace ON workspace.id = own.workspace_id
    )
    UPDATE scan_results AS scan
       SET turn = greatest(served.turn, coalesce(line.last + line.step, 0)) + batch.nth * line.step, site = batch.site
      FROM batch JOIN line USING (workspace_id, worker_labels) JOIN served USING (worker_labels)
     WHERE scan.id = batch.id
    RETURNING scan.id, scan.turn`;
  const [given = []] = (await steps.send([{ name: 'take-turns', query }])) as {
    id: string;
    turn: number;
  }[][];
  return new Map(given.map(({ id, turn }) => [id, turn]));
}

/** What scans of a host burden: its registrable domain, or the host itself where it has none, as an IP address. */
function siteOf(domain: string | null): string | null {
  return domain === null ? null : (getDomain(domain, { allowPrivateDomains: true }) ?? domain);
}
