import { AppError } from '@cookie-scanner/errors';

const KEY_LENGTH_MAX = 512;
/** A part of a key: no leading dot, so neither `..` nor a hidden file can be named. */
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/**
 * Checks the key of an artifact: parts of letters, digits and `. _ -`, separated by single slashes, such as
 * `scans/0195…/1/observation.json.gz`.
 *
 * @throws AppError ARTIFACT_NOT_FOUND when no artifact can have this key
 */
export function checkKey(key: string): void {
  if (key.length > KEY_LENGTH_MAX || !key.split('/').every((part) => PART.test(part))) {
    throw new AppError('ARTIFACT_NOT_FOUND', 'No artifact can have this key.', { key: key.slice(0, 200) });
  }
}
