import type { BannerObservation, ConsentChoice } from '@cookie-scanner/contracts';
import type { ScanSession } from '../../scan-session.ts';
import { BANNER_READER, pressExpression, READ_BANNER, UNTICK } from './banner-reader.source.ts';
import { findClosedBanner } from './closed-shadow.ts';
import { enterOwnWorlds, evaluateIn, type OwnWorld } from './consent-frames.ts';
import { isFrameShown } from './frame-owner.ts';

/** Something that can be pressed, and in which frame. */
export interface Pressable {
  readonly choice: ConsentChoice;
  readonly world: OwnWorld;
  readonly index: number;
}

/** A banner as it stands at this moment. */
export interface SeenBanner {
  readonly world: OwnWorld;
  readonly text: string;
  readonly place: NonNullable<BannerObservation['place']>;
  /** False for one that can be seen and not be reached. */
  readonly operable: boolean;
  readonly pressables: readonly Pressable[];
  readonly preTicked: readonly string[];
}

/** What a page shows of consent at this moment. */
export interface ConsentReading {
  readonly banner: SeenBanner | null;
  /** Links and buttons outside the banner that lead back to the choice. */
  readonly waysBack: readonly Pressable[];
}

/** As `BANNER_READER` puts it. */
interface FoundElement {
  readonly index: number;
  readonly purpose: ConsentChoice['purpose'];
  readonly text: string;
  readonly selector: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly looksLikeButton: boolean;
}
interface FrameReading {
  readonly banner: {
    readonly score: number;
    readonly isInShadow: boolean;
    readonly text: string;
    readonly choices: readonly FoundElement[];
    readonly preTicked: readonly string[];
  } | null;
  readonly waysBack: readonly FoundElement[];
}

const WORLD = 'consent-banner';

/** Reads all frames of the page that is shown, and finds the banner among them. Layers count from 1. */
export async function readConsent(
  scan: ScanSession,
  mainFrameId: string,
  layer: number,
): Promise<ConsentReading> {
  const worlds = await enterOwnWorlds(scan, WORLD);
  const readings = await Promise.all(
    worlds.map(async (world) => {
      await evaluateIn(world, BANNER_READER);
      return { world, reading: (await evaluateIn(world, READ_BANNER)) as FrameReading | null };
    }),
  );
  const pressablesOf = (world: OwnWorld, found: readonly FoundElement[]): Pressable[] =>
    found.map(({ index, ...rest }) => ({
      world,
      index,
      choice: { ...rest, frameUrl: scan.frames.urlOf(world.frameId) ?? 'about:blank', layer },
    }));
  const banners = readings
    .flatMap(({ world, reading }) => (reading?.banner ? [{ world, ...reading.banner }] : []))
    .sort((one, other) => other.score - one.score);
  const waysBack = readings
    .filter(({ world }) => world.frameId === mainFrameId)
    .flatMap(({ world, reading }) => pressablesOf(world, reading?.waysBack ?? []));
  for (const { world, text, isInShadow, choices, preTicked } of banners) {
    if (world.frameId !== mainFrameId && !(await isFrameShown(scan, world.frameId))) continue;
    const place = isInShadow ? 'open_shadow_root' : placeOf(scan, world.frameId, mainFrameId);
    const pressables = pressablesOf(world, choices);
    return { banner: { world, text, place, operable: true, pressables, preTicked }, waysBack };
  }
  return { banner: await closedBanner(worlds, mainFrameId), waysBack };
}

/** Presses something that the last reading found; false when it is not there any more. */
export async function press({ world, index }: Pressable): Promise<boolean> {
  return (await evaluateIn(world, pressExpression(index))) === true;
}

/** Takes the ticks off everything optional in the banner that the last reading found. */
export async function untick({ world }: SeenBanner): Promise<void> {
  await evaluateIn(world, UNTICK);
}

function placeOf(scan: ScanSession, frameId: string, mainFrameId: string): SeenBanner['place'] {
  if (frameId === mainFrameId) return 'document';
  const own = scan.frames.urlOf(frameId) ?? 'about:blank';
  const around = scan.frames.urlOf(mainFrameId) ?? 'about:blank';
  return isSameOrigin(own, around) ? 'same_origin_frame' : 'cross_origin_frame';
}

/** A document without an address of its own has the origin of the document around it. */
function isSameOrigin(url: string, around: string): boolean {
  if (!/^https?:/.test(url)) return true;
  return URL.canParse(url) && URL.canParse(around) && new URL(url).origin === new URL(around).origin;
}

async function closedBanner(worlds: readonly OwnWorld[], mainFrameId: string): Promise<SeenBanner | null> {
  const world = worlds.find(({ frameId }) => frameId === mainFrameId);
  if (!world) return null;
  const text = await findClosedBanner(world.session);
  if (text === null) return null;
  return { world, text, place: 'closed_shadow_root', operable: false, pressables: [], preTicked: [] };
}
