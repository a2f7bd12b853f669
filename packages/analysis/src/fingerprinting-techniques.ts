import type { CanvasRead, FingerprintingObservation, SiteObservation } from '@cookie-scanner/contracts';

/**
 * A way to tell browsers apart. The first four are of little other use in the form that counts here; `sweep` is
 * reading so many properties of browser, screen and machine that together they tell visitors apart. The others add
 * to these and say nothing alone.
 */
export type FingerprintingTechnique =
  | 'canvas'
  | 'audio'
  | 'webgl'
  | 'fonts'
  | 'sweep'
  | 'client_hints'
  | 'media_devices'
  | 'battery'
  | 'webrtc'
  | 'plugins';

/** A script that fingerprints, and how. */
export interface FingerprintingScript {
  readonly scriptUrl: string;
  readonly initiators: readonly string[];
  /** At least one of them fingerprints by itself. */
  readonly techniques: readonly FingerprintingTechnique[];
}

/** Smallest side of a canvas that holds enough detail. @see Englehardt and Narayanan, CCS 2016, section 6.1 */
const CANVAS_SIDE_MIN = 16;
const CANVAS_COLOURS_MIN = 2;
const CANVAS_CHARACTERS_MIN = 10;
/** A probe writes a line or a few; charts and pictures of pages write many. */
const CANVAS_TEXTS_MAX = 12;
/** The same for a canvas that people may see, whose text must then be rich in both ways. */
const SHOWN_TEXTS_MAX = 3;
/** No design needs so many fonts to be measured. */
const FONTS_MIN = 20;
/** More parameters than a scene needs to be drawn. */
const WEBGL_PARAMETERS_MIN = 25;
/** Properties of a sweep; what analytics read for their statistics is fewer. */
const SWEEP_PROPERTIES_MIN = 14;
/** Of these, properties that hardly anybody has another use for. */
const SWEEP_RARE_MIN = 4;

const SWEEP_INTERFACES =
  /^(?:Navigator|NavigatorUAData|NetworkInformation|Screen|Window|DateTimeFormat|Date)\./;
const RARE_PROPERTIES: ReadonlySet<string> = new Set([
  'Navigator.hardwareConcurrency',
  'Navigator.deviceMemory',
  'Navigator.maxTouchPoints',
  'Navigator.plugins',
  'Navigator.mimeTypes',
  'Navigator.pdfViewerEnabled',
  'Navigator.javaEnabled',
  'Navigator.productSub',
  'Navigator.vendorSub',
  'Navigator.webdriver',
  'Navigator.getBattery',
  'Navigator.platform',
  'Screen.availLeft',
  'Screen.availTop',
  'Screen.availWidth',
  'Screen.availHeight',
  'Screen.colorDepth',
  'Screen.pixelDepth',
]);

/** The scripts of a scan that fingerprint, with the techniques they use; whatever only looks similar is left out. */
export function fingerprintingTechniques({
  fingerprinting,
}: Pick<SiteObservation, 'fingerprinting'>): FingerprintingScript[] {
  return fingerprinting.flatMap((script) => {
    const main = mainTechniques(script);
    if (main.length === 0) return [];
    const { scriptUrl, initiators } = script;
    return [{ scriptUrl, initiators, techniques: [...main, ...addedTechniques(script)] }];
  });
}

function mainTechniques(script: FingerprintingObservation): FingerprintingTechnique[] {
  const uses = usedBy(script);
  const webgl = (name: string): boolean => uses(`WebGLRenderingContext.${name}`);
  const readsRendering = uses('AudioBuffer.getChannelData') || uses('AudioBuffer.copyFromChannel');
  const measuresFonts =
    uses('CanvasRenderingContext2D.measureText') ||
    uses('FontFaceSet.check') ||
    /** @see the hook: these are counted only while a page looks for fonts. */
    ['HTMLElement.offsetWidth', 'HTMLElement.offsetHeight', 'Element.getBoundingClientRect'].some(uses);
  const asksMuchOfWebgl = script.webglParameters >= WEBGL_PARAMETERS_MIN && webgl('getShaderPrecisionFormat');
  return [
    ...(script.canvasReads.some(isCanvasProbe) ? (['canvas'] as const) : []),
    ...(uses('OfflineAudioContext.startRendering') &&
    uses('BaseAudioContext.createOscillator') &&
    readsRendering
      ? (['audio'] as const)
      : []),
    ...(webgl('getParameter(unmasked)') && (asksMuchOfWebgl || webgl('readPixels'))
      ? (['webgl'] as const)
      : []),
    ...(script.fontsProbed >= FONTS_MIN && measuresFonts ? (['fonts'] as const) : []),
    ...(isSweep(script) ? (['sweep'] as const) : []),
  ];
}

function addedTechniques(script: FingerprintingObservation): FingerprintingTechnique[] {
  const uses = usedBy(script);
  return [
    ...(uses('NavigatorUAData.getHighEntropyValues') ? (['client_hints'] as const) : []),
    ...(uses('MediaDevices.enumerateDevices') ? (['media_devices'] as const) : []),
    ...(uses('Navigator.getBattery') ? (['battery'] as const) : []),
    ...(uses('RTCPeerConnection.createOffer') ? (['webrtc'] as const) : []),
    ...(uses('Navigator.plugins') || uses('Navigator.mimeTypes') ? (['plugins'] as const) : []),
  ];
}

/** Whether reading this canvas shows how the machine draws text, and serves nothing that people see. */
function isCanvasProbe(read: CanvasRead): boolean {
  const isBigEnough = [read.widthPx, read.heightPx, read.readWidthPx, read.readHeightPx].every(
    (side) => side >= CANVAS_SIDE_MIN,
  );
  const hasColours = read.colourCount >= CANVAS_COLOURS_MIN;
  const hasCharacters = read.charactersMax >= CANVAS_CHARACTERS_MIN;
  const isProbing = read.isInDocument
    ? hasColours && hasCharacters && read.textCount <= SHOWN_TEXTS_MAX
    : (hasColours || hasCharacters) && read.textCount <= CANVAS_TEXTS_MAX;
  return isBigEnough && read.textCount > 0 && isProbing && !read.savesState;
}

function isSweep({ apis }: FingerprintingObservation): boolean {
  const properties = apis.map(({ api }) => api).filter((api) => SWEEP_INTERFACES.test(api));
  const rare = properties.filter((api) => RARE_PROPERTIES.has(api));
  return properties.length >= SWEEP_PROPERTIES_MIN && rare.length >= SWEEP_RARE_MIN;
}

function usedBy({ apis }: FingerprintingObservation): (api: string) => boolean {
  const used = new Set(apis.map(({ api }) => api));
  return (api) => used.has(api);
}
