import { sendAndForget } from './browser/target-attacher.ts';
import type { JarCookie } from './collectors/cookie-jar.ts';
import { TIMED_OUT, within } from './deadline.ts';
import type { ScanSession } from './scan-session.ts';

/** The jar as a scan found it at its end. */
export interface FinalJar {
  readonly cookies: readonly JarCookie[];
  /** False when the browser answered no question about the jar during the whole scan. */
  readonly wasRead: boolean;
  /** False when this is an earlier reading. */
  readonly isCurrent: boolean;
}

/** Reading what was gathered must still be possible when the time is up. */
const COLLECT_LIMIT_MS = 2_000;

/** The jar after the last page was left; the last earlier reading when the browser does not answer any more. */
export async function readFinalJar(session: ScanSession, isLate: boolean): Promise<FinalJar> {
  if (isLate) {
    for (const { session: page } of session.targets.frames()) {
      // A page that writes cookies without end keeps the jar from answering.
      sendAndForget(page, 'Runtime.terminateExecution');
      // One that prints without end fills the connection that the answer must come over.
      sendAndForget(page, 'Runtime.disable');
    }
  }
  const jar = await within(session.snapshotJar(), COLLECT_LIMIT_MS);
  if (jar !== TIMED_OUT) return { cookies: jar, wasRead: true, isCurrent: true };
  const last = session.snapshots.at(-1);
  return { cookies: last?.jar ?? [], wasRead: last !== undefined, isCurrent: false };
}
