import { formMarkers, type FormMarkers } from '../attribution/form-markers.ts';
import type { ScanClock } from '../collectors/collector.ts';

/** What was typed into the forms of one scan, and where. */
export interface TypedForms {
  readonly markers: FormMarkers;
  /** Pages that were typed into, oldest first. */
  readonly pages: readonly { readonly url: string; readonly atMs: number }[];
  /** Notes that typing begins on this page. */
  begin(url: string): void;
}

/** Makes up what one scan types. */
export function typedForms(clock: ScanClock): TypedForms {
  const pages: { url: string; atMs: number }[] = [];
  return { markers: formMarkers(), pages, begin: (url) => void pages.push({ url, atMs: clock() }) };
}
