import { fstatSync, ftruncateSync, writeSync } from 'node:fs';

/** Adds bytes to the end of an open file in one write; when the disk takes only a part of them, it is taken back. */
export function appendWhole(file: number, bytes: Uint8Array): void {
  const sizeBefore = fstatSync(file).size;
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } finally {
    if (written < bytes.length) ftruncateSync(file, sizeBefore);
  }
}
