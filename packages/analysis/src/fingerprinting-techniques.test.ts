import {
  fingerprintingObservationSchema,
  type CanvasRead,
  type FingerprintingObservation,
} from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { fingerprintingTechniques } from './fingerprinting-techniques.ts';

/** A sentence in two colours on a canvas that nobody sees, as trackers draw it. */
const PROBE: CanvasRead = {
  api: 'toDataURL',
  count: 1,
  widthPx: 240,
  heightPx: 60,
  readWidthPx: 240,
  readHeightPx: 60,
  textCount: 2,
  charactersMax: 28,
  colourCount: 2,
  savesState: false,
  isInDocument: false,
};

function techniquesOf({
  apis = [],
  ...facts
}: Partial<Omit<FingerprintingObservation, 'apis'>> & { apis?: string[] }): readonly string[] {
  const script = fingerprintingObservationSchema.parse({
    scriptUrl: 'https://cdn.test/tag.js',
    initiators: [],
    confidence: 'observed',
    documentUrls: ['https://shop.test/'],
    atMs: 1,
    canvasReads: [],
    fontsProbed: 0,
    webglParameters: 0,
    ...facts,
    apis: apis.map((api) => ({ api, count: 1 })),
  });
  return fingerprintingTechniques({ fingerprinting: [script] })[0]?.techniques ?? [];
}

describe('reading a canvas back', () => {
  it.each<[string, Partial<CanvasRead>]>([
    ['a sentence in two colours', {}],
    ['a sentence in one colour', { colourCount: 1 }],
    ['few characters in two colours', { charactersMax: 4 }],
    [
      'the smallest canvas that holds enough',
      { widthPx: 16, heightPx: 16, readWidthPx: 16, readHeightPx: 16 },
    ],
    ['a sentence in two colours on a canvas in the document', { isInDocument: true }],
  ])('is fingerprinting: %s', (_what, facts) => {
    expect(techniquesOf({ canvasReads: [{ ...PROBE, ...facts }] })).toEqual(['canvas']);
  });

  it.each<[string, Partial<CanvasRead>]>([
    ['a pictogram on a canvas of 10 by 10', { widthPx: 10, heightPx: 10, charactersMax: 1, colourCount: 1 }],
    ['a pictogram on a large canvas', { charactersMax: 8, colourCount: 1, textCount: 1 }],
    ['one pixel of it', { readWidthPx: 1, readHeightPx: 1 }],
    ['a picture without text', { textCount: 0, charactersMax: 0, colourCount: 0 }],
    ['a chart that saves the state of its pen', { savesState: true, isInDocument: true }],
    ['a chart with labels that people see', { textCount: 9, colourCount: 9, isInDocument: true }],
    ['a chart with few labels in one colour', { textCount: 2, colourCount: 1, isInDocument: true }],
    ['a picture of a whole page', { textCount: 300 }],
  ])('is none: %s', (_what, facts) => {
    expect(techniquesOf({ canvasReads: [{ ...PROBE, ...facts }] })).toEqual([]);
  });
});

describe('asking about the machine', () => {
  const AUDIO = ['OfflineAudioContext.startRendering', 'BaseAudioContext.createOscillator'];

  it('is audio fingerprinting when a sound nobody hears is rendered and read', () => {
    expect(techniquesOf({ apis: [...AUDIO, 'AudioBuffer.getChannelData'] })).toEqual(['audio']);
    expect(techniquesOf({ apis: AUDIO })).toEqual([]);
    expect(techniquesOf({ apis: ['AudioBuffer.getChannelData'] })).toEqual([]);
  });

  it('is WebGL fingerprinting when the graphics card is named together with what no scene needs', () => {
    const unmasked = 'WebGLRenderingContext.getParameter(unmasked)';
    const precision = 'WebGLRenderingContext.getShaderPrecisionFormat';
    expect(techniquesOf({ apis: [unmasked, precision], webglParameters: 60 })).toEqual(['webgl']);
    expect(techniquesOf({ apis: [unmasked, precision], webglParameters: 8 })).toEqual([]);
    expect(techniquesOf({ apis: [precision], webglParameters: 60 })).toEqual([]);
  });

  it('is font fingerprinting when texts are measured in many fonts', () => {
    const apis = ['HTMLElement.offsetWidth'];
    expect(techniquesOf({ apis, fontsProbed: 20 })).toEqual(['fonts']);
    expect(techniquesOf({ apis, fontsProbed: 19 })).toEqual([]);
    expect(techniquesOf({ apis: [], fontsProbed: 50 })).toEqual([]);
  });

  const ANALYTICS = [
    ...[
      'language',
      'userAgent',
      'userAgentData',
      'vendor',
      'webdriver',
      'maxTouchPoints',
      'cookieEnabled',
    ].map((name) => `Navigator.${name}`),
    ...['Screen.width', 'Screen.height', 'Screen.colorDepth', 'Window.devicePixelRatio'],
    ...['Date.getTimezoneOffset', 'DateTimeFormat.resolvedOptions', 'Window.matchMedia'],
  ];

  it('is a sweep when many properties are read that hardly anybody needs, and not when analytics read theirs', () => {
    const rare = ['Navigator.deviceMemory', 'Navigator.hardwareConcurrency', 'Navigator.plugins'];
    expect(techniquesOf({ apis: [...ANALYTICS, ...rare] })).toEqual(['sweep', 'plugins']);
    expect(techniquesOf({ apis: ANALYTICS })).toEqual([]);
    expect(techniquesOf({ apis: rare })).toEqual([]);
  });

  it('is no fingerprinting when a call asks for a camera, and is told when one joins a fingerprint', () => {
    const apis = ['MediaDevices.enumerateDevices', 'RTCPeerConnection.createOffer', 'Navigator.getBattery'];
    expect(techniquesOf({ apis })).toEqual([]);
    expect(techniquesOf({ apis, canvasReads: [PROBE] })).toEqual([
      'canvas',
      'media_devices',
      'battery',
      'webrtc',
    ]);
  });
});
