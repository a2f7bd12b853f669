/**
 * Characters that Windows-1252 shows the bytes 0x80 to 0x9f as, in order; five of them it leaves alone.
 *
 * @see https://encoding.spec.whatwg.org/index-windows-1252.txt
 */
const HIGH_CONTROLS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Text of a header as the jar reads it. The protocol shows every byte as a character of its own; the jar reads
 * them as UTF-8 where they are that, so that the same cookie would have two names.
 */
export function decodeHeader(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text;
  const bytes = Array.from(text, byteOf);
  if (!bytes.every((byte) => byte !== null)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text; // Not UTF-8.
  }
}

function byteOf(character: string): number | null {
  const high = HIGH_CONTROLS.indexOf(character);
  if (high >= 0) return 0x80 + high;
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? code : null;
}
