const JPEG_START = 0xd8;
const MARKER = 0xff;
/** Start-of-frame markers carry the size of a picture; those left out between them mean something else. */
const FRAME_MARKERS: ReadonlySet<number> = new Set([
  ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf],
]);

/**
 * Whether the beginning of a picture tells its size. All formats but JPEG say so in their first bytes; a JPEG may have a
 * preview and the profile of its colours before.
 *
 * @see ITU-T T.81, annex B
 */
export function tellsSize(beginning: Buffer): boolean {
  if (beginning[0] !== MARKER || beginning[1] !== JPEG_START) return true;
  let at = 2;
  while (at + 4 <= beginning.length) {
    const marker = beginning[at + 1];
    // Something else than a marker is a picture that nobody can read, however much of it there is.
    if (beginning[at] !== MARKER || marker === undefined) return true;
    if (FRAME_MARKERS.has(marker)) return at + 9 <= beginning.length;
    at += 2 + beginning.readUInt16BE(at + 2);
  }
  return false;
}
