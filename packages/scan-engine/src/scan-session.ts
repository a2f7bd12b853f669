import { createBrowserContext, type BrowserContext } from './browser/browser-context.ts';
import type { CDPSession } from './browser/cdp.ts';
import type { AttachedTarget, TargetAttacher } from './browser/target-attacher.ts';
import type { Collector, ScanClock } from './collectors/collector.ts';
import { readCookieJar, type JarCookie } from './collectors/cookie-jar.ts';
import { cookieIssuesCollector, type CookieIssuesCollector } from './collectors/cookie-issues.collector.ts';
import { dialogsCollector } from './collectors/dialogs.collector.ts';
import { framesCollector, type FramesCollector } from './collectors/frames.collector.ts';
import { requestsCollector, type RequestsCollector } from './collectors/requests.collector.ts';
import { scriptWritesCollector, type ScriptWritesCollector } from './collectors/script-writes.collector.ts';
import { targetsCollector, type TargetsCollector } from './collectors/targets.collector.ts';

/** One clean visitor: a browser context with every collector in place, used by one scan only. */
export interface ScanSession {
  readonly context: BrowserContext;
  readonly clock: ScanClock;
  readonly targets: TargetsCollector;
  readonly frames: FramesCollector;
  readonly requests: RequestsCollector;
  readonly scripts: ScriptWritesCollector;
  readonly issues: CookieIssuesCollector;
  /** Every reading of the jar so far, oldest first. */
  readonly snapshots: readonly (readonly JarCookie[])[];
  /** Reads the jar now and keeps the reading. */
  snapshotJar(): Promise<readonly JarCookie[]>;
  dispose(): Promise<void>;
}

/** Opens a session whose traffic leaves through the gateway at `egressPort`. */
export async function openScanSession(root: CDPSession, attacher: TargetAttacher, egressPort: number): Promise<ScanSession> {
  const startedAt = performance.now();
  const clock: ScanClock = () => performance.now() - startedAt;
  const targets = targetsCollector();
  const frames = framesCollector();
  const requests = requestsCollector(clock);
  const scripts = scriptWritesCollector(clock, frames);
  const issues = cookieIssuesCollector();
  // Frames come before scripts: a write is placed by the frame it happened in.
  const collectors: readonly Collector[] = [requests, frames, scripts, issues, dialogsCollector(), targets];
  const snapshots: (readonly JarCookie[])[] = [];

  const context = await createBrowserContext(root, attacher, egressPort, {
    attached: (target: AttachedTarget) => {
      for (const collector of collectors) collector.attach(target);
    },
    detached: (target: AttachedTarget) => {
      for (const collector of collectors) collector.detached?.(target);
    },
  });

  return {
    context,
    clock,
    targets,
    frames,
    requests,
    scripts,
    issues,
    snapshots,
    async snapshotJar() {
      const jar = await readCookieJar(root, context.id);
      snapshots.push(jar);
      return jar;
    },
    dispose: () => context.dispose(),
  };
}
