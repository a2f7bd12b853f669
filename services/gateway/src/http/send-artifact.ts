import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { Request, Response } from 'express';

/** Where an artifact lies, as its database row says. */
interface ArtifactPointer {
  readonly key: string;
  readonly sha256: string;
}

/**
 * Sends a stored file. A compressed one (`.gz`) is sent as it is to clients that understand gzip, else decompressed on
 * the way. A client that has it already gets 304.
 *
 * @throws AppError ARTIFACT_NOT_FOUND
 */
export async function sendArtifact(
  artifacts: Pick<ArtifactStore, 'openRead'>,
  artifact: ArtifactPointer,
  request: Request,
  response: Response,
): Promise<void> {
  response.setHeader('Cache-Control', 'private, no-cache');
  response.setHeader('ETag', `W/"${artifact.sha256}"`);
  response.vary('Accept-Encoding');
  if (request.fresh) {
    response.status(304).end();
    return;
  }

  const { stream, sizeBytes } = await artifacts.openRead(artifact.key);
  const isCompressed = artifact.key.endsWith('.gz');
  const isUnderstood = isCompressed && request.acceptsEncodings('gzip') !== false;
  if (isUnderstood) response.setHeader('Content-Encoding', 'gzip');
  if (isUnderstood || !isCompressed) response.setHeader('Content-Length', String(sizeBytes));
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  await send(isCompressed && !isUnderstood ? [stream, createGunzip()] : [stream], response);
}

async function send(
  parts: readonly (Readable | NodeJS.ReadWriteStream)[],
  response: Response,
): Promise<void> {
  try {
    await pipeline([...parts, response]);
  } catch (error) {
    // A client that went away is nobody's fault.
    if (!response.writableFinished && isPrematureClose(error)) return;
    throw error;
  }
}

function isPrematureClose(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}
