import { createBrowserContext } from '../browser/browser-context.ts';
import type { CDPSession } from '../browser/cdp.ts';
import type { AttachedTarget, TargetAttacher } from '../browser/target-attacher.ts';
import { TIMED_OUT, within } from '../deadline.ts';

const LIMIT_MS = 5_000;
/** The discard port: the empty page that is asked needs no network and gets none. */
const NO_EGRESS_PORT = 9;

/** Asks the browser which time zone its pages live in; null when it does not say. */
export async function readMachineTimeZone(
  root: CDPSession,
  attacher: TargetAttacher,
): Promise<string | null> {
  const attached = Promise.withResolvers<AttachedTarget>();
  const context = await createBrowserContext(root, attacher, NO_EGRESS_PORT, {
    attached: (target) => attached.resolve(target),
    detached: () => undefined,
  });
  try {
    await context.openPage();
    const answer = await within(
      attached.promise.then(async ({ session, resumed }) => {
        await resumed;
        return await session.send('Runtime.evaluate', {
          expression: 'Intl.DateTimeFormat().resolvedOptions().timeZone',
          returnByValue: true,
        });
      }),
      LIMIT_MS,
    );
    const zone: unknown = answer === TIMED_OUT ? null : answer.result.value;
    return typeof zone === 'string' ? zone : null;
  } catch {
    return null; // Scans say that the zone is unknown, so nothing is hidden by going on.
  } finally {
    await context.dispose();
  }
}
