import type { SiteObservation } from '@cookie-scanner/contracts';
import { windowLimit } from './bounds/window-limit.ts';
import { createBrowserContext, type BrowserContext } from './browser/browser-context.ts';
import type { RunningBrowser } from './browser/launch-browser.ts';
import { sendAndForget, type AttachedTarget, type TargetAttacher } from './browser/target-attacher.ts';
import type { Collector, ScanClock } from './collectors/collector.ts';
import { readCookieJar, type JarCookie, type JarSnapshot } from './collectors/cookie-jar.ts';
import { cookieIssuesCollector, type CookieIssuesCollector } from './collectors/cookie-issues.collector.ts';
import { crashesCollector, type CrashesCollector } from './collectors/crashes.collector.ts';
import { dialogsCollector } from './collectors/dialogs.collector.ts';
import { fingerprintsCollector, type FingerprintsCollector } from './collectors/fingerprints.collector.ts';
import { framesCollector, type FramesCollector } from './collectors/frames.collector.ts';
import { mixedContentCollector, type MixedContentCollector } from './collectors/mixed-content.collector.ts';
import { requestsCollector, type RequestsCollector } from './collectors/requests.collector.ts';
import { scriptWritesCollector, type ScriptWritesCollector } from './collectors/script-writes.collector.ts';
import { scriptNamesCollector, type ScriptNamesCollector } from './collectors/script-names.collector.ts';
import { targetsCollector, type TargetsCollector } from './collectors/targets.collector.ts';
import { NO_FILES, openScanFiles, type FilesWanted, type ScanFiles } from './files/scan-files.ts';
import { mediaBodiesCollector } from './media-bodies/media-bodies.collector.ts';
import { typedForms, type TypedForms } from './page/typed-forms.ts';
import { showVisitor } from './visitor/show-visitor.ts';
import type { Visitor } from './visitor/visitor.ts';

/** One clean visitor: a browser context with every collector in place, used by one scan only. */
export interface ScanSession {
  readonly context: BrowserContext;
  readonly clock: ScanClock;
  readonly visitor: Visitor;
  /** What the site did more of than is looked at, for `quality.truncated`. */
  truncated(): SiteObservation['quality']['truncated'];
  /** Where the browser did not let the visitor look as planned, and what it was told to leave away, in plain words. */
  notes(): string[];
  /** Whether pages' icons must be asked for, because this browser does not do it by itself. */
  readonly requestsFavicons: boolean;
  readonly targets: TargetsCollector;
  readonly frames: FramesCollector;
  readonly requests: RequestsCollector;
  readonly scripts: ScriptWritesCollector;
  readonly fingerprints: FingerprintsCollector;
  readonly scriptNames: ScriptNamesCollector;
  readonly issues: CookieIssuesCollector;
  readonly crashes: CrashesCollector;
  readonly mixedContent: MixedContentCollector;
  readonly forms: TypedForms;
  readonly files: ScanFiles;
  /** Every reading of the jar so far, oldest first. */
  readonly snapshots: readonly JarSnapshot[];
  /** Reads the jar now and keeps the reading. */
  snapshotJar(): Promise<readonly JarCookie[]>;
  dispose(): Promise<void>;
}

interface SessionBrowser {
  readonly browser: Pick<RunningBrowser, 'root' | 'userAgent' | 'memory'>;
  readonly attacher: TargetAttacher;
  readonly requestsFavicons: boolean;
}

/** How one session differs from any other. */
export interface SessionOptions {
  /** When the scan began, on the clock of `performance.now()`; now when left out. */
  readonly begunAtMs?: number;
  /** Files that it makes; none when left out. */
  readonly wanted?: FilesWanted;
  /** Whether bodies of images, media and fonts are left away; never done where pictures are taken. */
  readonly skipsMediaBodies?: boolean;
  /** Further collectors of this session alone; they come right after the one that shows the visitor. */
  readonly collectors?: readonly Collector[];
}

/** Opens a session of this visitor, whose traffic leaves through the gateway at `egressPort`. */
export async function openScanSession(
  { browser, attacher, requestsFavicons }: SessionBrowser,
  egressPort: number,
  visitor: Visitor,
  options: SessionOptions = {},
): Promise<ScanSession> {
  const { begunAtMs = performance.now(), wanted = NO_FILES, collectors: further = [] } = options;
  const { root } = browser;
  const clock: ScanClock = () => performance.now() - begunAtMs;
  const targets = targetsCollector();
  const frames = framesCollector();
  const unheard: string[] = [];
  const requests = requestsCollector(clock, (request) => {
    unheard.push(request.id);
    snapshotJar().catch(() => undefined); // The browser is gone, which whoever drives the scan notices.
  });
  const scripts = scriptWritesCollector(clock, frames);
  const fingerprints = fingerprintsCollector(clock, frames);
  const scriptNames = scriptNamesCollector();
  const issues = cookieIssuesCollector();
  const crashes = crashesCollector((atMs) => browser.memory?.endedPagesBy(atMs) ?? false);
  const mixedContent = mixedContentCollector();
  const show = showVisitor(visitor, browser.userAgent);
  const files = openScanFiles(wanted, clock);
  const isUnpictured = wanted.screenshots === 'none';
  const mediaBodies = options.skipsMediaBodies === true && isUnpictured ? mediaBodiesCollector() : null;
  // Frames come before scripts: a write is placed by the frame it happened in.
  const collectors: readonly Collector[] = [
    show,
    ...further,
    requests,
    frames,
    scripts,
    fingerprints,
    scriptNames,
    issues,
    crashes,
    mixedContent,
    dialogsCollector(),
    ...(mediaBodies ? [mediaBodies] : []),
    ...files.collectors,
    targets,
  ];
  const forms = typedForms(clock);
  const snapshots: JarSnapshot[] = [];

  const windows = windowLimit();
  const context = await createBrowserContext(root, attacher, egressPort, {
    attached: (target: AttachedTarget) => {
      if (!windows.admits(target)) {
        sendAndForget(root, 'Target.closeTarget', { targetId: target.id });
        return;
      }
      if (target.type === 'page')
        sendAndForget(target.session, 'Emulation.setFocusEmulationEnabled', { enabled: true });
      for (const collector of collectors) collector.attach(target);
    },
    detached: (target: AttachedTarget) => {
      windows.left(target);
      for (const collector of collectors) collector.detached?.(target);
    },
  });

  const snapshotJar = async (): Promise<readonly JarCookie[]> => {
    // What is answered during the reading may have come too late for it.
    const afterRequestIds = unheard.splice(0);
    const jar = await readCookieJar(root, context.id);
    snapshots.push({ atMs: clock(), jar, afterRequestIds });
    return jar;
  };

  return {
    context: { ...context, openPage: async () => await windows.opening(context.openPage) },
    truncated: () => windows.truncated(),
    clock,
    visitor,
    notes: () => [...show.notes(), ...(mediaBodies?.notes() ?? []), ...requests.notes(), ...forms.notes()],
    requestsFavicons,
    targets,
    frames,
    requests,
    scripts,
    fingerprints,
    scriptNames,
    issues,
    crashes,
    mixedContent,
    forms,
    files,
    snapshots,
    snapshotJar,
    dispose: () => context.dispose(),
  };
}
