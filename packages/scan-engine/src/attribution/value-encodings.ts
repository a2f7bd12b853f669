import { createHash } from 'node:crypto';
import type { ValueEncoding } from '@cookie-scanner/contracts';

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** The ways in which pages write a value before they send it, each with its result; capitals do not count. */
export function encodingsOf(value: string): ReadonlyMap<string, ValueEncoding> {
  const bytes = Buffer.from(value, 'utf8');
  const encodings = new Map<string, ValueEncoding>([
    [value, 'plain'],
    [bytes.toString('base64'), 'base64'],
    [bytes.toString('base64').replace(/=+$/, ''), 'base64'],
    [bytes.toString('base64url'), 'base64'],
    [bytes.toString('hex'), 'hex'],
  ]);
  for (const name of HASHES) {
    const hash = createHash(name).update(bytes);
    encodings.set(hash.copy().digest('hex'), name);
    encodings.set(hash.digest('base64'), name);
  }
  const percent = encodeURIComponent(value);
  if (!encodings.has(percent)) encodings.set(percent, 'percent');
  return encodings;
}
