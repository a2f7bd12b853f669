import type { Protocol } from '../browser/cdp.ts';
import type { AttachedTarget } from '../browser/target-attacher.ts';
import { networkRest } from './network-rest.ts';

/** One step of a request: the first address, or one that a redirect led to. */
export interface RequestHop {
  readonly url: string;
  readonly atMs: number;
  readonly method: string;
  /** Page that the request said it came from; null when it did not say. */
  readonly referrer: string | null;
  /** Text that was sent along, at most its first 64 kB; null when nothing was, or nothing that is text. */
  readonly body: string | null;
  status: number | null;
  /** Whether the browser reports the raw headers of this hop's response in an event of their own. */
  hasRawResponse: boolean;
  /** False when the answer came from a cache or a service worker, and so could not set a cookie. */
  isFromNetwork: boolean;
}

/** Raw response headers of one hop, as they came from the network. */
export interface RawResponse {
  readonly atMs: number;
  readonly status: number;
  /** Whole `Set-Cookie` lines, in order. */
  readonly setCookieLines: readonly string[];
  readonly blocked: readonly { line: string; reasons: readonly string[] }[];
  /** Top-level site that partitioned cookies of this response belong to; null where there is no partition. */
  readonly partitionSite: string | null;
  /** Whether `Clear-Site-Data` told the browser to forget the site's cookies. */
  readonly clearsCookies: boolean;
}

/** One request with everything needed to say who caused it. */
export interface RequestRecord {
  readonly id: string;
  /** Resource type as the protocol names it, such as Document, Script, Image; Other when unknown. */
  type: string;
  readonly frameId: string | null;
  readonly documentUrl: string;
  readonly initiator: Protocol.Network.Initiator | null;
  readonly target: AttachedTarget;
  readonly hops: RequestHop[];
  /** Texts sent over a WebSocket, the first of them. */
  readonly sentFrames: { readonly atMs: number; readonly text: string }[];
  /** `Set-Cookie` lines of early hints, which browsers pass over. */
  readonly hintedCookies: { readonly atMs: number; readonly line: string }[];
  /** What the browser said of the answer to a document; null for everything else. */
  documentResponse: Protocol.Network.Response | null;
  /** Raw responses by the session that reported them: two sessions may both report the same ones. */
  readonly rawResponses: Map<string, RawResponse[]>;
  state: 'waiting' | 'receiving' | 'done';
  /** Why it failed, in the browser's words; null while it has not. */
  failure: string | null;
}

/** What is true of every request when it is sent. */
type NewRequest = Pick<
  RequestRecord,
  'rawResponses' | 'state' | 'failure' | 'sentFrames' | 'hintedCookies' | 'documentResponse'
>;

/** Everything that was requested in one scan, and whether the network has come to rest. */
export interface RequestLog {
  open(request: Omit<RequestRecord, keyof NewRequest>): void;
  find(requestId: string): RequestRecord | null;
  all(): readonly RequestRecord[];
  /** Notes the raw headers of an answer; its request may be announced later. */
  addRaw(requestId: string, sessionId: string, response: RawResponse): void;
  /** Notes that the headers of the answer are in. */
  answered(request: RequestRecord): void;
  finish(requestId: string, failure: string | null): void;
  /** Ends the requests of a target that is gone, but for those that outlive it. */
  abandon(target: AttachedTarget): void;
  /**
   * Runs `farewell`, in which pages are left. Meanwhile a request that the browser calls aborted, because whoever
   * sent it is going, counts as on its way when it is of a kind that outlives its page; afterwards nothing does.
   */
  whileLeaving(farewell: () => Promise<void>): Promise<void>;
  /** Requests, of the relevant ones, that a page could still be waiting for, streams and sockets left out. */
  pendingCount(isRelevant?: (request: RequestRecord) => boolean): number;
  /**
   * Resolves at once when nothing is pending, else when nothing was for `quietMs`, or after `limitMs`. Looks at
   * relevant requests only, which are all unless said otherwise.
   */
  untilQuiet(
    quietMs: number,
    limitMs: number,
    isRelevant?: (request: RequestRecord) => boolean,
  ): Promise<void>;
  /** Resolves when every WebSocket that was asked for has opened or failed, or after `limitMs`. */
  untilSocketsOpen(limitMs: number): Promise<void>;
  /** Resolves when the network has given no sign of life for `stallMs`, counted from now, or when the signal fires. */
  untilStalled(stallMs: number, signal: AbortSignal): Promise<void>;
}

/** Types that stay open by design; waiting for them would be waiting for ever. */
const ENDLESS_TYPES: ReadonlySet<string> = new Set(['EventSource', 'WebSocket', 'Media']);

/** Answers to these are of interest only until their headers are in: nothing runs when the body ends. */
const HEADERS_ONLY_TYPES: ReadonlySet<string> = new Set([
  'Image',
  'Font',
  'Media',
  'Ping',
  'Fetch',
  'XHR',
  'Other',
  'Prefetch',
  'CSPViolationReport',
]);

/** Requests that may go on when the page that sent them is gone. */
const OUTLIVING_TYPES: ReadonlySet<string> = new Set(['Ping', 'Fetch']);

/** What the browser says of a request whose page is gone. */
const ABORTED = 'net::ERR_ABORTED';

/** Opens an empty log. */
export function createRequestLog(): RequestLog {
  const requests = new Map<string, RequestRecord>();
  const pending = new Set<RequestRecord>();
  /** Raw responses that came before their request was announced. */
  const early = new Map<string, { sessionId: string; response: RawResponse }[]>();
  /** Requests from before a farewell; null while no page is being left. */
  let beforeLeaving: ReadonlySet<string> | null = null;

  const pendingCount = (isRelevant: (request: RequestRecord) => boolean = () => true): number =>
    [...pending].filter((request) => isAwaited(request) && isRelevant(request)).length;
  const rest = networkRest(pendingCount);
  const sockets = networkRest(
    () => [...pending].filter(({ type, state }) => type === 'WebSocket' && state === 'waiting').length,
  );
  const changed = (): void => {
    rest.changed();
    sockets.changed();
  };
  const end = (request: RequestRecord, failure: string | null): void => {
    request.state = 'done';
    request.failure = failure;
    pending.delete(request);
    changed();
  };
  const addRaw = (requestId: string, sessionId: string, response: RawResponse): void => {
    const request = requests.get(requestId);
    if (!request) {
      early.set(requestId, [...(early.get(requestId) ?? []), { sessionId, response }]);
      return;
    }
    const responses = [...(request.rawResponses.get(sessionId) ?? []), response];
    request.rawResponses.set(sessionId, responses);
    // Of an answer that was held back the browser says that it reports no raw headers, and does, before or after.
    const last = request.hops.at(-1);
    if (last && responses.length > request.hops.filter(({ hasRawResponse }) => hasRawResponse).length)
      last.hasRawResponse = true;
    // A page that is just being closed reports no more than this of an answer.
    if (request.state === 'waiting' && !isRedirect(response.status)) request.state = 'receiving';
    changed();
  };

  return {
    open(record) {
      const request: RequestRecord = {
        ...record,
        rawResponses: new Map(),
        state: 'waiting',
        failure: null,
        sentFrames: [],
        hintedCookies: [],
        documentResponse: null,
      };
      requests.set(record.id, request);
      pending.add(request);
      for (const { sessionId, response } of early.get(record.id) ?? [])
        addRaw(record.id, sessionId, response);
      early.delete(record.id);
      changed();
    },
    find: (requestId) => requests.get(requestId) ?? null,
    all: () => [...requests.values()],
    addRaw,
    answered(request) {
      if (request.state === 'waiting') request.state = 'receiving';
      changed();
    },
    finish(requestId, failure) {
      const request = requests.get(requestId);
      const outlives = failure === ABORTED && OUTLIVING_TYPES.has(request?.type ?? '');
      if (request && !(outlives && beforeLeaving?.has(requestId) === false)) end(request, failure);
    },
    abandon(target) {
      for (const request of pending) {
        if (request.target === target && !OUTLIVING_TYPES.has(request.type)) end(request, 'its page is gone');
      }
    },
    async whileLeaving(farewell) {
      beforeLeaving = new Set(requests.keys());
      await farewell();
      beforeLeaving = null;
      for (const request of pending) if (OUTLIVING_TYPES.has(request.type)) end(request, 'its page is gone');
    },
    pendingCount,
    untilQuiet: rest.untilQuiet,
    untilSocketsOpen: async (limitMs) => await sockets.untilQuiet(0, limitMs),
    untilStalled: rest.untilStalled,
  };
}

/** True while the page could be waiting for the request. */
function isAwaited({ state, type }: RequestRecord): boolean {
  if (ENDLESS_TYPES.has(type) || state === 'done') return false;
  return state === 'waiting' || !HEADERS_ONLY_TYPES.has(type);
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
