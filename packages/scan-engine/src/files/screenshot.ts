import type { ScreenshotMode } from '@cookie-scanner/contracts';
import type { CDPSession, Protocol } from '../browser/cdp.ts';
import { TIMED_OUT, within } from '../deadline.ts';

/** Longest side of a picture in CSS pixels; a page that grows without end must not fill the disk. */
const SIDE_MAX = 10_000;
const CAPTURE_LIMIT_MS = 5_000;
/** PNG: eight bytes of signature, then the header chunk with its length, its name, width and height. */
const PNG_WIDTH_OFFSET = 16;
const PNG_HEIGHT_OFFSET = 20;

/** A picture of a page. */
export interface Picture {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
  /** True when the page is larger than the largest picture. */
  readonly isCut: boolean;
}

/**
 * Takes a picture of what a page shows at this moment. The page's clock may stand: painting does not need it, and it
 * does not move. A full picture of a page that is larger than its window makes the browser resize that window, which
 * the page can notice when it lives on.
 *
 * @returns null when the browser gave none in time, because the page is too busy or gone
 */
export async function takePicture(
  session: CDPSession,
  mode: Exclude<ScreenshotMode, 'none'>,
  remainingMs: number,
): Promise<Picture | null> {
  const picture = await within(capture(session, mode), Math.min(CAPTURE_LIMIT_MS, remainingMs)).catch(
    () => null, // The page is gone, or has nothing that could be painted.
  );
  return picture === TIMED_OUT ? null : picture;
}

async function capture(session: CDPSession, mode: Exclude<ScreenshotMode, 'none'>): Promise<Picture | null> {
  const metrics = await session.send('Page.getLayoutMetrics');
  const clip = mode === 'full' ? clipBeyondWindow(metrics) : null;
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'png',
    ...(clip ? { clip, captureBeyondViewport: true } : {}),
  });
  const png = Buffer.from(data, 'base64');
  if (png.length < PNG_HEIGHT_OFFSET + 4) return null;
  const { width, height } = metrics.cssContentSize;
  return {
    png,
    width: png.readUInt32BE(PNG_WIDTH_OFFSET),
    height: png.readUInt32BE(PNG_HEIGHT_OFFSET),
    isCut: clip !== null && (width > clip.width || height > clip.height),
  };
}

/** The whole page up to the largest size; null when the window shows all of it. */
function clipBeyondWindow({
  cssContentSize,
  cssLayoutViewport,
}: Protocol.Page.GetLayoutMetricsResponse): Protocol.Page.Viewport | null {
  const { clientWidth, clientHeight } = cssLayoutViewport;
  if (cssContentSize.width <= clientWidth && cssContentSize.height <= clientHeight) return null;
  return {
    x: 0,
    y: 0,
    width: Math.min(SIDE_MAX, Math.ceil(cssContentSize.width)),
    height: Math.min(SIDE_MAX, Math.ceil(cssContentSize.height)),
    scale: 1,
  };
}
