import { randomUUID } from 'node:crypto';
import type { ApiUse, CanvasRead } from '@cookie-scanner/contracts';
import type { Protocol } from '../browser/cdp.ts';
import { sendAndForget } from '../browser/target-attacher.ts';
import { runBeforeFirstScript } from './before-first-script.ts';
import type { Collector, ScanClock } from './collector.ts';
import { fingerprintHookSource } from './fingerprinting/fingerprint-hook.ts';
import type { FramesCollector } from './frames.collector.ts';
import { scriptOrigin, type ScriptOrigin } from './script-origin.ts';

/** A script used interfaces that tell something of the browser, in one go. */
interface ApiUses extends ScriptOrigin {
  readonly apis: readonly ApiUse[];
  /** Fonts and WebGL parameters that the document had not used before. */
  readonly newFonts: number;
  readonly newParameters: number;
}

/** A script read a canvas back. */
interface CanvasReading extends ScriptOrigin {
  readonly read: Omit<CanvasRead, 'count'>;
}

/** By which interfaces scripts could have told this browser from others, with the stack that the browser itself took. */
export interface FingerprintsCollector extends Collector {
  uses(): readonly ApiUses[];
  canvasReadings(): readonly CanvasReading[];
}

/** A page that asks without end must not fill our memory. */
const REPORTS_MAX = 5_000;
/** Names of interfaces are ours; anything else is none. */
const API_NAME = /^[A-Za-z]{1,40}\.[A-Za-z()]{1,60}$/;

/** Collects such calls from every frame and worker. */
export function fingerprintsCollector(clock: ScanClock, frames: FramesCollector): FingerprintsCollector {
  const token = randomUUID();
  const source = fingerprintHookSource(token);
  const uses: ApiUses[] = [];
  const readings: CanvasReading[] = [];

  return {
    attach(target) {
      const { session } = target;
      session.on('Runtime.consoleAPICalled', (event) => {
        if (event.type !== 'debug' || event.args[0]?.value !== token) return;
        if (uses.length + readings.length >= REPORTS_MAX) return;
        const [, kind, ...facts] = valuesOf(event);
        const origin = scriptOrigin(target, event, frames, clock());
        if (kind === 'uses')
          uses.push({
            ...origin,
            apis: apiUses(String(facts[0])),
            newFonts: count(facts[1]),
            newParameters: count(facts[2]),
          });
        else if (kind === 'read') readings.push({ ...origin, read: canvasRead(facts) });
      });
      sendAndForget(session, 'Runtime.enable');
      runBeforeFirstScript(target, source);
    },
    uses: () => uses,
    canvasReadings: () => readings,
  };
}

function valuesOf(event: Protocol.Runtime.ConsoleAPICalledEvent): unknown[] {
  return event.args.map(({ value }): unknown => value);
}

/** The hook writes names and counts in turn. */
function apiUses(text: string): ApiUse[] {
  const parts = text.trim().split(' ');
  return parts.flatMap((api, index) =>
    index % 2 === 0 && API_NAME.test(api)
      ? [{ api, count: Math.max(1, count(Number(parts[index + 1]))) }]
      : [],
  );
}

function canvasRead(facts: readonly unknown[]): CanvasReading['read'] {
  const [api, width, height, readWidth, readHeight, texts, characters, colours, savesState, isInDocument] =
    facts;
  return {
    api: String(api),
    widthPx: count(width),
    heightPx: count(height),
    readWidthPx: count(readWidth),
    readHeightPx: count(readHeight),
    textCount: count(texts),
    charactersMax: count(characters),
    colourCount: count(colours),
    savesState: savesState === true,
    isInDocument: isInDocument === true,
  };
}

/** A whole number from 0; the part of a canvas that is read may be given backwards, or as anything at all. */
function count(fact: unknown): number {
  return typeof fact === 'number' && Number.isFinite(fact) ? Math.round(Math.abs(fact)) : 0;
}
