import type { ConsentModeSignal } from '@cookie-scanner/contracts';
import { randomUUID } from 'node:crypto';
import { runBeforeFirstScript } from '../../collectors/before-first-script.ts';
import type { Collector, ScanClock } from '../../collectors/collector.ts';
import { dataLayerHookSource } from './data-layer-hook.source.ts';

/** Hears what pages declare to Google's tags, at the moment they do. */
export interface ConsentModeCollector extends Collector {
  declared(): readonly ConsentModeSignal[];
}

/** A page that declares without end says nothing new. */
const SIGNALS_MAX = 200;

/** Collects the consent commands of every document's `dataLayer`. */
export function consentModeCollector(clock: ScanClock): ConsentModeCollector {
  const token = randomUUID();
  const signals: ConsentModeSignal[] = [];
  return {
    attach(target) {
      if (target.type !== 'page' && target.type !== 'iframe') return;
      // Reports come the way of those of the hook on writes, which has switched the runtime on.
      target.session.on('Runtime.consoleAPICalled', ({ type, args }) => {
        if (type !== 'debug' || args[0]?.value !== token || signals.length >= SIGNALS_MAX) return;
        const command: unknown = args[1]?.value;
        const values = storageValues(args.slice(2).map(({ value }): unknown => value));
        if (command !== 'default' && command !== 'update') return;
        signals.push({ atMs: clock(), command, values, url: null });
      });
      runBeforeFirstScript(target, dataLayerHookSource(token));
    },
    declared: () => signals,
  };
}

/** Names and values by turns; what is neither granted nor denied, such as a region, is no value. */
function storageValues(facts: readonly unknown[]): ConsentModeSignal['values'] {
  const values: ConsentModeSignal['values'] = {};
  for (let index = 0; index + 1 < facts.length; index += 2) {
    const [type, value] = [facts[index], facts[index + 1]];
    if (typeof type === 'string' && (value === 'granted' || value === 'denied'))
      values[type.slice(0, 100)] = value;
  }
  return values;
}
