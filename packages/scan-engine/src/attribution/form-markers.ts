import { randomBytes } from 'node:crypto';
import type { FormLeak, ValueEncoding } from '@cookie-scanner/contracts';
import { encodingsOf } from './value-encodings.ts';

/** A marker that was found, and how it was written. */
export interface FoundMarker {
  readonly field: FormLeak['field'];
  readonly encoding: ValueEncoding;
}

/** What is typed into the fields of one scan: words that are nowhere else, so that they are known again. */
export interface FormMarkers {
  readonly text: string;
  readonly email: string;
  /** Finds what was typed in something that was sent or stored, in whatever way it is written. */
  find(text: string): FoundMarker | null;
}

interface Needle extends FoundMarker {
  readonly needle: string;
  /** Base64 tells capitals from small letters; nothing else does. */
  readonly isExact: boolean;
}

/** A text written as an address several times over is read as often. */
const DECODINGS_MAX = 3;

/** Makes up the markers of one scan. Each has small letters and digits only, so that pages do not change them. */
export function formMarkers(): FormMarkers {
  const text = `quill${randomBytes(6).toString('hex')}`;
  const email = `wren${randomBytes(6).toString('hex')}@example.com`;
  const needles = [...needlesOf(email, 'email'), ...needlesOf(text, 'text')];
  const findIn = (sent: string): FoundMarker | null => {
    const lower = sent.toLowerCase();
    return needles.find(({ needle, isExact }) => (isExact ? sent : lower).includes(needle)) ?? null;
  };
  return {
    text,
    email,
    find(sent) {
      let reading = sent;
      for (let round = 0; round <= DECODINGS_MAX; round += 1) {
        const found = findIn(reading);
        if (found) return found;
        const next = decoded(reading);
        if (next === reading) return null;
        reading = next;
      }
      return null;
    },
  };
}

function needlesOf(value: string, field: FormLeak['field']): Needle[] {
  const whole = [...encodingsOf(value)].map(([text, encoding]): Needle => {
    const isExact = text !== text.toLowerCase() && encoding !== 'percent';
    return { needle: isExact ? text : text.toLowerCase(), field, encoding, isExact };
  });
  const inside = insideBase64(value).map((needle): Needle => ({
    needle,
    field,
    encoding: 'base64',
    isExact: true,
  }));
  return [...whole, ...inside];
}

/** What of the value is seen in the Base64 of a longer text: it depends on where in groups of three bytes it begins. */
function insideBase64(value: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + value).toString('base64');
    const end = Math.floor((offset + value.length) / 3) * 4;
    return encoded.slice(offset === 0 ? 0 : 4, end);
  });
}

/** Text as it was before it was made part of an address or of a form; itself where it was not. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
