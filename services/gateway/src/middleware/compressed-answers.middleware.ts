import compression from 'compression';
import type { RequestHandler } from 'express';

const THRESHOLD_SIZE_BYTES = 1_024;

/**
 * Compresses JSON with brotli or gzip where the client understands it.
 *
 * Only answers to reading: what answers a POST may hold a token or a key beside text that the client chose, and the size
 * of both compressed together tells about the secret (BREACH). Nor what has a strong `ETag`, which names these very bytes.
 * Streams of events and stored files are left alone.
 */
export function compressedAnswers(): RequestHandler {
  return compression({
    threshold: THRESHOLD_SIZE_BYTES,
    filter: (request, response) =>
      (request.method === 'GET' || request.method === 'HEAD') &&
      response.getHeader('ETag') === undefined &&
      /^application\/(?:problem\+)?json\b/.test(String(response.getHeader('Content-Type'))),
  });
}
