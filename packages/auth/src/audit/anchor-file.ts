import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { auditAnchorSchema, type AuditAnchor } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';

const PIECE_LINES = 500;
const NEW_LINE = '\n';

/**
 * Adds an anchor to the end of a file, one JSON line each, and waits until it is on the disk. Half a line that a power
 * cut left behind stays a line of its own.
 */
export async function appendAnchor(path: string, anchor: AuditAnchor): Promise<void> {
  const file = await open(path, 'a+', 0o640);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
    const isTorn = size > 0 && buffer.toString('utf8') !== NEW_LINE;
    await file.appendFile(`${isTorn ? NEW_LINE : ''}${JSON.stringify(anchor)}${NEW_LINE}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The anchors of a file, in pieces.
 *
 * @param onUnreadable - told how many lines are no anchors
 * @throws AppError INPUT_INVALID when the file cannot be read, or none of its lines is an anchor
 */
export async function* readAnchors(
  path: string,
  onUnreadable: (lineCount: number) => void,
): AsyncGenerator<AuditAnchor[]> {
  let piece: AuditAnchor[] = [];
  let goodCount = 0;
  let unreadableCount = 0;
  for await (const line of linesOf(path)) {
    if (line === '') continue;
    const anchor = anchorOf(line);
    if (!anchor) {
      unreadableCount += 1;
      continue;
    }
    goodCount += 1;
    piece.push(anchor);
    if (piece.length === PIECE_LINES) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) yield piece;
  if (unreadableCount > 0) onUnreadable(unreadableCount);
  if (goodCount === 0 && unreadableCount > 0) {
    throw new AppError('INPUT_INVALID', `No line of ${path} is an anchor of the audit log.`);
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'INPUT_INVALID',
      `The file of anchors cannot be read: ${reason}.`,
      {},
      { cause: error },
    );
  }
}

function anchorOf(line: string): AuditAnchor | null {
  try {
    return auditAnchorSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // Half a line.
    return null;
  }
}
