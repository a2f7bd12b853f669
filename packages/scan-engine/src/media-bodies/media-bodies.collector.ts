import type { CDPSession, Protocol } from '../browser/cdp.ts';
import { isAnswered, pauseRequests } from '../browser/paused-requests.ts';
import { isWorkerType, sendAndForget } from '../browser/target-attacher.ts';
import type { Collector } from '../collectors/collector.ts';
import { tellsSize } from './beginning.ts';
import { STAND_IN_FONT } from './stand-in-font.ts';

/** Leaves away the bodies of images, media and fonts of which a scan needs no more than the headers. */
export interface MediaBodies extends Collector {
  /** What a reader must know of it, in plain words; empty while nothing was left away. */
  notes(): string[];
}

/** Types whose bodies are left away; what scripts fetch themselves is none of them. */
const TYPES = ['Image', 'Media', 'Font'] as const;

/** Bodies up to this come whole: to hold them costs more than they do. */
const WHOLE_BYTES_MAX = 65_536;
/** One reading, which is also what an image keeps unless its size comes later. */
const READING_BYTES = 65_536;
/** What a recording keeps: enough to say how long it is and to begin to play. */
const MEDIA_BYTES = 4 * READING_BYTES;
const IMAGE_BYTES_MAX = 8 * READING_BYTES;

/** Headers that speak of the whole body, or that the browser has obeyed when it got them. */
const STALE_HEADERS: ReadonlySet<string> = new Set([
  ...['content-length', 'content-encoding', 'content-range', 'accept-ranges', 'transfer-encoding'],
  ...['set-cookie', 'clear-site-data'],
]);

/**
 * Holds the answer to every large image, recording and font when its headers are in, and gives the page its beginning,
 * or an empty font. The rest is not asked of the server any more. Workers are left alone: what passes through them is
 * kept for later.
 */
export function mediaBodiesCollector(): MediaBodies {
  let leftAway = 0;
  return {
    attach({ session, type }) {
      if (isWorkerType(type)) return;
      session.on('Fetch.requestPaused', (event) => {
        if (!isAnswered(event)) return;
        if (!isLeftAway(event)) {
          sendAndForget(session, 'Fetch.continueRequest', { requestId: event.requestId });
          return;
        }
        answerShortly(session, event).then(
          (isCut) => {
            if (isCut) leftAway += 1;
          },
          () =>
            sendAndForget(session, 'Fetch.failRequest', {
              requestId: event.requestId,
              errorReason: 'Failed',
            }),
        );
      });
      pauseRequests(session, {
        patterns: TYPES.map((resourceType) => ({ resourceType, requestStage: 'Response' })),
      });
    },
    notes: () =>
      leftAway === 0
        ? []
        : [
            'As the scan was asked to, it left away what follows after the beginning of large images and recordings, ' +
              `and large fonts, ${leftAway} in all. Scripts that look at their pixels, wait for their end or measure ` +
              'their letters may have behaved in another way.',
          ],
  };
}

function isLeftAway({
  resourceType,
  responseStatusCode,
  responseHeaders,
}: Protocol.Fetch.RequestPausedEvent): boolean {
  const isPart = responseStatusCode === 206 && /^bytes 0-/.test(headerOf(responseHeaders, 'content-range'));
  if (responseStatusCode !== 200 && !(isPart && resourceType === 'Media')) return false;
  // Drawings are programs that cannot be cut off, and pictures that follow one another have no end.
  if (/^(?:image\/svg|multipart\/)/i.test(headerOf(responseHeaders, 'content-type'))) return false;
  const length = headerOf(responseHeaders, 'content-length');
  return length === '' || Number(length) > wholeBytesMax(resourceType);
}

function wholeBytesMax(type: Protocol.Network.ResourceType): number {
  return type === 'Media' ? MEDIA_BYTES : WHOLE_BYTES_MAX;
}

/** @returns whether anything was left away: a body whose length nobody told may be short */
async function answerShortly(
  session: CDPSession,
  { requestId, resourceType, responseHeaders = [] }: Protocol.Fetch.RequestPausedEvent,
): Promise<boolean> {
  const { body, isCut } =
    resourceType === 'Font'
      ? { body: STAND_IN_FONT, isCut: true }
      : await beginningOf(session, requestId, resourceType);
  await session.send('Fetch.fulfillRequest', {
    requestId,
    // What is cut off is no part any more, but as much as there is.
    responseCode: 200,
    responseHeaders: responseHeaders.filter(({ name }) => !STALE_HEADERS.has(name.toLowerCase())),
    body,
  });
  return isCut;
}

/** @returns the beginning in base64, as the protocol wants it, and whether there is more */
async function beginningOf(
  session: CDPSession,
  requestId: string,
  type: Protocol.Network.ResourceType,
): Promise<{ body: string; isCut: boolean }> {
  const { stream } = await session.send('Fetch.takeResponseBodyAsStream', { requestId });
  let beginning = Buffer.alloc(0);
  const isEnough = (): boolean =>
    type === 'Media'
      ? beginning.length >= MEDIA_BYTES
      : beginning.length >= READING_BYTES && (tellsSize(beginning) || beginning.length >= IMAGE_BYTES_MAX);
  let isOver = false;
  try {
    while (!isOver && !isEnough()) {
      const { data, base64Encoded, eof } = await session.send('IO.read', {
        handle: stream,
        size: READING_BYTES,
      });
      beginning = Buffer.concat([beginning, Buffer.from(data, base64Encoded === true ? 'base64' : 'utf8')]);
      isOver = eof;
    }
  } finally {
    sendAndForget(session, 'IO.close', { handle: stream });
  }
  return { body: beginning.toString('base64'), isCut: !isOver };
}

function headerOf(headers: readonly Protocol.Fetch.HeaderEntry[] | undefined, wanted: string): string {
  return headers?.find(({ name }) => name.toLowerCase() === wanted)?.value ?? '';
}
