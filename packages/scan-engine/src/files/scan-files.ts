import type { ScanFile, ScanParams, SiteObservation } from '@cookie-scanner/contracts';
import type { AttachedTarget } from '../browser/target-attacher.ts';
import type { Collector, ScanClock } from '../collectors/collector.ts';
import type { Deadline } from '../deadline.ts';
import { buildHar, type HarEvidence, type HarFacts } from '../har/har-document.ts';
import { harCollector, type HarCollector } from '../har/har.collector.ts';
import { mapTexts } from '../map-texts.ts';
import { openFileKeeper, type FileKeeper, type SaveFile } from './file-keeper.ts';
import { takePicture } from './screenshot.ts';

/** Which files a scan makes, and what must not stand in them. */
export interface FilesWanted {
  readonly screenshots: ScanParams['screenshots'];
  readonly har: boolean;
  /** Tells the sessions of a scan apart in the names of their files; left out where there is one only. */
  readonly label?: string;
  /** Shared by all sessions of a scan, so that their files have different names. */
  readonly keeper: FileKeeper;
  /** What stands in files for the value of a cookie; without it the value itself. */
  readonly redactCookieValue?: (value: string) => string;
  /** Takes secrets out of a text. */
  readonly scrub?: (text: string) => string;
  /** Headers in small letters that whoever asked for the scan had sent. */
  readonly secretHeaders?: ReadonlySet<string>;
}

/** A session that makes no files. */
export const NO_FILES: FilesWanted = {
  screenshots: 'none',
  har: false,
  keeper: openFileKeeper(() => Promise.reject(new Error('nobody stores files'))),
};

/** What a scan's options say of files; none are made where nobody would store them. */
export function filesWanted(
  { screenshots, har }: Pick<ScanParams, 'screenshots' | 'har'>,
  options: Pick<FilesWanted, 'redactCookieValue' | 'scrub' | 'secretHeaders'> & {
    readonly saveFile?: SaveFile;
  },
): FilesWanted {
  const { saveFile, redactCookieValue, scrub, secretHeaders } = options;
  if (!saveFile || (screenshots === 'none' && !har)) return NO_FILES;
  return {
    screenshots,
    har,
    keeper: openFileKeeper(saveFile),
    ...(redactCookieValue ? { redactCookieValue } : {}),
    ...(scrub ? { scrub } : {}),
    ...(secretHeaders ? { secretHeaders } : {}),
  };
}

/**
 * The same for a consent audit, which takes pictures of what it presses wherever somebody stores them: without one,
 * nobody could check what it says it did.
 */
export function filesOfAudit(
  params: Pick<ScanParams, 'screenshots' | 'har'>,
  options: Parameters<typeof filesWanted>[1],
): FilesWanted {
  const screenshots = params.screenshots === 'none' ? 'viewport' : params.screenshots;
  return filesWanted({ ...params, screenshots }, options);
}

/** The files that one session of a scan makes. */
export interface ScanFiles {
  /** Null unless every request is recorded. */
  readonly har: HarCollector | null;
  readonly collectors: readonly Collector[];
  /**
   * Takes a picture of the page as it is now and stores it, at any moment between its opening and its end. Does nothing
   * where no screenshots are wanted. Never throws: what fails is said in `notes`.
   *
   * @returns the name of the file; null when there is none
   * @param label - what it shows, such as `page-1` or `banner`
   */
  takeScreenshot(page: ScreenshotPage, label: string, deadline: Deadline): Promise<string | null>;
  /** The same for the visited page number `index`, counted from 0; only the first ones get one. */
  takePageScreenshot(page: ScreenshotPage, index: number, deadline: Deadline): Promise<void>;
  saveHar(facts: HarFacts, limitMs: number): Promise<void>;
  all(): readonly ScanFile[];
  notes(): readonly string[];
}

/** The part of a page driver that a picture needs. */
interface ScreenshotPage {
  readonly target: AttachedTarget;
  currentUrl(): string | null;
}

/** Visited pages that get a picture. */
const SCREENSHOT_PAGES_MAX = 5;
/** Storing a file, when the time of the scan is up and when it is not. */
const SAVE_LIMIT_MS = 10_000;
const LATE_SAVE_LIMIT_MS = 1_000;

/** Prepares the files of one session; nothing is recorded that nobody wants. */
export function openScanFiles(wanted: FilesWanted, clock: ScanClock): ScanFiles {
  const {
    keeper,
    screenshots: mode,
    scrub = (text: string): string => text,
    redactCookieValue = null,
    secretHeaders = new Set<string>(),
  } = wanted;
  const har = wanted.har ? harCollector(clock) : null;

  const takeScreenshot: ScanFiles['takeScreenshot'] = async (page, label, deadline) => {
    if (mode === 'none') return null;
    const picture = await takePicture(page.target.session, mode, deadline.remainingMs());
    if (!picture) {
      keeper.note(`There is no screenshot of ${label}: the page did not let one be taken.`);
      return null;
    }
    const { png, width, height, isCut } = picture;
    if (isCut) keeper.note(`The page is larger than the largest screenshot; that of ${label} is cut off.`);
    const url = page.currentUrl();
    return await keeper.save(
      {
        kind: 'screenshot',
        contentType: 'image/png',
        label: `screenshot-${label}`,
        extension: 'png',
        pageUrl: url === null ? null : scrub(url),
        atMs: clock(),
        width,
        height,
      },
      png,
      saveLimitMs(deadline.remainingMs()),
    );
  };

  return {
    har,
    collectors: har ? [har] : [],
    takeScreenshot,
    async takePageScreenshot(page, index, deadline) {
      if (mode === 'none') return;
      if (index < SCREENSHOT_PAGES_MAX) await takeScreenshot(page, `page-${index + 1}`, deadline);
      else keeper.note(`Screenshots were taken of the first ${SCREENSHOT_PAGES_MAX} pages only.`);
    },
    async saveHar(facts, limitMs) {
      if (!har) return;
      if (har.isIncomplete())
        keeper.note('The site sent more requests than the HAR can hold; it has the first ones only.');
      const document = buildHar({ ...facts, har, scrub, redactCookieValue, secretHeaders });
      await keeper.save(
        {
          kind: 'har',
          contentType: 'application/json',
          label: wanted.label === undefined ? 'requests' : `requests-${wanted.label}`,
          extension: 'har',
          pageUrl: null,
          atMs: clock(),
          width: null,
          height: null,
        },
        Buffer.from(JSON.stringify(mapTexts(document, scrub))),
        saveLimitMs(limitMs),
      );
    },
    all: () => keeper.all(),
    notes: () => keeper.notes(),
  };
}

/** Stores what is made last, and names all files of the session in the observation. */
export async function withFiles(
  observation: SiteObservation,
  session: HarEvidence & { readonly files: ScanFiles },
  facts: Pick<HarFacts, 'visits' | 'hosts'>,
  deadline: Deadline,
): Promise<SiteObservation> {
  const { files } = session;
  await files.saveHar({ ...facts, observation, evidence: session }, deadline.remainingMs());
  const { quality } = observation;
  return {
    ...observation,
    files: [...files.all()],
    quality: { ...quality, notes: [...quality.notes, ...files.notes()] },
  };
}

function saveLimitMs(remainingMs: number): number {
  return Math.max(LATE_SAVE_LIMIT_MS, Math.min(SAVE_LIMIT_MS, remainingMs));
}
