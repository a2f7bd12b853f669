import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/*
 * One line of results is one member of a gzip file, and says in its header how long it is. So a file can be added to,
 * any gunzip reads it, and what a crash tore at its end is found without unpacking the rest.
 */

/** Bytes before the compressed data: the fixed header, the length of the extra field, and the field itself. */
export const HEADER_BYTES = 20;
const TRAILER_BYTES = 8;
/** Identifies our field: "CS", four bytes. @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1.1 */
const HEADER_START = Buffer.from([...[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255], ...[8, 0, 0x43, 0x53, 4, 0]]);

const compress = promisify<Buffer, Buffer>(deflateRaw);

/** Compresses a text into a member of its own. */
export async function gzipMember(text: string): Promise<Buffer> {
  const bytes = Buffer.from(text);
  const compressed = await compress(bytes);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(HEADER_BYTES + compressed.length + TRAILER_BYTES);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([HEADER_START, size, compressed, trailer]);
}

/** What the beginning of a member says. */
export type MemberStart = { readonly sizeBytes: number } | 'torn' | 'foreign';

/** Reads the beginning of a member: how long it is, or that it is cut off or was written by something else. */
export function readMemberStart(bytes: Buffer): MemberStart {
  const known = Math.min(bytes.length, HEADER_START.length);
  if (!bytes.subarray(0, known).equals(HEADER_START.subarray(0, known))) return 'foreign';
  return bytes.length < HEADER_BYTES ? 'torn' : { sizeBytes: bytes.readUInt32LE(HEADER_START.length) };
}
