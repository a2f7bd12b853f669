import type { ConsentManager } from '@cookie-scanner/contracts';
import type { JarCookie } from '../../collectors/cookie-jar.ts';
import { TIMED_OUT, within, type Deadline } from '../../deadline.ts';
import type { PageDriver } from '../../page/page-visit.ts';
import type { ScanSession } from '../../scan-session.ts';
import { openAutoconsent, type Autoconsent } from '../banner/autoconsent.ts';
import { readConsent, type ConsentReading } from '../banner/read-banner.ts';
import { managerEvidence, nameManager } from '../manager/name-manager.ts';
import { openConsentStringLog, type ConsentStringLog } from '../signals/page-signals.ts';

/** The page of one run, with everything that looks at its consent. */
export interface StatePage {
  readonly scan: ScanSession;
  readonly page: PageDriver;
  readonly deadline: Deadline;
  readonly rules: Autoconsent;
  readonly strings: ConsentStringLog;
  /** Milliseconds that the page has lived on its own clock since it was last loaded. */
  livedMs(): number;
  /** Starts counting anew, after the page was loaded again. */
  restartLife(): void;
  /** Lets the page live on, as far as the deadline allows. */
  live(ms: number): Promise<void>;
  /** Whether the page keeps loading itself; it is then left alone. */
  isLoadingWithoutEnd(): boolean;
  /** Resolves when that shows. */
  readonly untilLoadingWithoutEnd: Promise<null>;
  /** False when the time is up, the page is gone, or it loads itself without end. */
  canGoOn(): boolean;
  readBanner(layer: number): Promise<ConsentReading>;
  /** Reads jar and consent strings now. */
  takeStock(): Promise<readonly JarCookie[]>;
  manager(jar: readonly JarCookie[]): Promise<ConsentManager | null>;
  /** Takes a picture where pictures are wanted; null when there is none. */
  picture(label: string): Promise<string | null>;
  /** Frames whose clock could not be advanced. */
  clocksNotAdvanced(): readonly string[];
}

const JAR_LIMIT_MS = 2_000;
/** Page time in which a consent interface that does not answer at once may do so. */
const ANSWER_MS = 100;
/** A page that goes elsewhere by itself more often than this will do so for ever. */
const NAVIGATIONS_MAX = 5;

/** Puts the page of a run together with what looks at it. */
export function openStatePage(scan: ScanSession, page: PageDriver, deadline: Deadline): StatePage {
  const strings = openConsentStringLog(scan);
  const stuck = new Set<string>();
  let lived = 0;
  let navigations = 0;
  const loadsWithoutEnd = Promise.withResolvers<null>();
  page.target.session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId !== undefined) return;
    navigations += 1;
    if (navigations > NAVIGATIONS_MAX) loadsWithoutEnd.resolve(null);
  });
  const canGoOn = (): boolean => !deadline.passed && !page.hasCrashed() && navigations <= NAVIGATIONS_MAX;
  const liveOn = async (ms: number): Promise<void> => {
    if (ms <= 0 || !canGoOn()) return;
    const life = await page.live(ms, deadline);
    lived += life.livedMs;
    for (const url of life.clocksNotAdvanced) stuck.add(url);
  };
  return {
    scan,
    page,
    deadline,
    rules: openAutoconsent(scan),
    strings,
    livedMs: () => lived,
    restartLife: () => {
      lived = 0;
      navigations = 0;
    },
    live: liveOn,
    isLoadingWithoutEnd: () => navigations > NAVIGATIONS_MAX,
    canGoOn,
    untilLoadingWithoutEnd: loadsWithoutEnd.promise,
    readBanner: async (layer) => await readConsent(scan, page.mainFrameId, layer),
    async takeStock() {
      const jar = await within(scan.snapshotJar(), JAR_LIMIT_MS);
      const cookies = jar === TIMED_OUT ? (scan.snapshots.at(-1)?.jar ?? []) : jar;
      if (!page.hasCrashed())
        await strings.read(page.target.session, cookies, async () => await liveOn(ANSWER_MS));
      return cookies;
    },
    async manager(jar) {
      const cmpId = strings.all().tcf.findLast((signal) => signal.cmpId !== null)?.cmpId ?? null;
      return nameManager(await managerEvidence(page.target.session, scan, jar, cmpId));
    },
    picture: async (label) => await scan.files.takeScreenshot(page, label, deadline),
    clocksNotAdvanced: () => [...stuck],
  };
}
