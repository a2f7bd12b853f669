import { formMarkers, type FormMarkers } from '../attribution/form-markers.ts';
import type { ScanClock } from '../collectors/collector.ts';

/** What was typed into the forms of one scan, and where. */
export interface TypedForms {
  readonly markers: FormMarkers;
  /** Pages that were typed into, oldest first. */
  readonly pages: readonly { readonly url: string; readonly atMs: number }[];
  /** Notes that typing begins on this page. */
  begin(url: string): void;
  /** Notes that typing ended on this page before all of its fields had their text. */
  cutShort(url: string): void;
  /** Where typing was cut short, in plain words. */
  notes(): string[];
}

/** Makes up what one scan types. */
export function typedForms(clock: ScanClock): TypedForms {
  const pages: { url: string; atMs: number }[] = [];
  const cut = new Set<string>();
  return {
    markers: formMarkers(),
    pages,
    begin: (url) => void pages.push({ url, atMs: clock() }),
    cutShort: (url) => void cut.add(url),
    notes: () =>
      [...cut].map(
        (url) =>
          `Typing into the forms of ${url} was cut short: the page went elsewhere, fell silent, or there was no time ` +
          'left. Who listens to the other fields is not known.',
      ),
  };
}
