import { EventEmitter } from 'node:events';
import type { CDPSession, Protocol } from './browser/cdp.ts';
import type { AttachedTarget } from './browser/target-attacher.ts';

/** A target whose browser is the test: it says what the browser would say, and keeps what it was asked. */
export interface FakeTarget {
  readonly target: AttachedTarget;
  /** Says what the browser says when something happens. */
  emit(event: string, params: unknown): void;
  /** Commands that were sent, in order. */
  readonly sent: readonly { method: string; params: unknown }[];
}

interface FakeTargetOptions {
  readonly type?: string;
  readonly url?: string;
  readonly wasPaused?: boolean;
  /** Answers by method; a command without one is answered with nothing. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
}

/** What a browser answers of a page that has only just been opened. */
const DEFAULT_ANSWERS: NonNullable<FakeTargetOptions['answers']> = {
  'Page.getFrameTree': () => ({ frameTree: { frame: { id: 'main', url: '' } } }),
};

let count = 0;

/** Makes a target without a browser behind it. */
export function fakeTarget(options: FakeTargetOptions = {}): FakeTarget {
  count += 1;
  const { type = 'page', url = 'https://shop.test/', wasPaused = true, answers = {} } = options;
  const id = String(count);
  const events = new EventEmitter();
  const sent: { method: string; params: unknown }[] = [];
  const session = Object.assign(events, {
    id: () => `session-${id}`,
    send: async (method: string, params: unknown): Promise<unknown> => {
      sent.push({ method, params });
      return (answers[method] ?? DEFAULT_ANSWERS[method])?.(params) ?? {};
    },
  });
  return {
    target: {
      id: `target-${id}`,
      type,
      url,
      session: session as unknown as CDPSession,
      parent: null,
      wasPaused,
      resumed: Promise.resolve(),
    },
    emit: (event, params) => void events.emit(event, params),
    sent,
  };
}

/** Lets everything happen that was waiting for an answer of a fake. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** A call stack of scripts of these addresses, innermost first. */
export function stackOf(...urls: string[]): Protocol.Runtime.StackTrace {
  return {
    callFrames: urls.map((url, index) => ({
      functionName: '',
      scriptId: `script-${index}-${url}`,
      url,
      lineNumber: 0,
      columnNumber: 0,
    })),
  };
}

/** The browser announces a request. */
export function requestSent(
  requestId: string,
  url: string,
  more: Partial<Protocol.Network.RequestWillBeSentEvent> & {
    redirectedFrom?: { url: string; status: number; hasExtraInfo?: boolean };
  } = {},
): Partial<Protocol.Network.RequestWillBeSentEvent> {
  const { redirectedFrom, ...rest } = more;
  const redirect = redirectedFrom && {
    redirectResponse: { url: redirectedFrom.url, status: redirectedFrom.status } as Protocol.Network.Response,
    redirectHasExtraInfo: redirectedFrom.hasExtraInfo ?? true,
  };
  return {
    requestId,
    documentURL: 'https://shop.test/',
    request: { url, method: 'GET', headers: {} } as Protocol.Network.Request,
    initiator: { type: 'other' },
    type: 'Image',
    frameId: 'main',
    ...redirect,
    ...rest,
  };
}

/** The browser tells that an answer's headers are in. */
export function responseReceived(
  requestId: string,
  more: {
    status?: number;
    hasExtraInfo?: boolean;
    type?: string;
    from?: 'cache' | 'serviceWorker';
    mimeType?: string;
  } = {},
): unknown {
  return {
    requestId,
    type: more.type ?? 'Image',
    hasExtraInfo: more.hasExtraInfo ?? true,
    response: {
      status: more.status ?? 200,
      mimeType: more.mimeType ?? 'image/gif',
      fromDiskCache: more.from === 'cache',
      fromServiceWorker: more.from === 'serviceWorker',
      fromPrefetchCache: false,
    },
  };
}

/** The browser tells the raw headers of an answer. */
export function rawHeaders(
  requestId: string,
  setCookie: readonly string[],
  more: { status?: number; blocked?: { cookieLine: string; blockedReasons: string[] }[] } = {},
): unknown {
  return {
    requestId,
    statusCode: more.status ?? 200,
    headers: setCookie.length === 0 ? {} : { 'set-cookie': setCookie.join('\n') },
    blockedCookies: more.blocked ?? [],
  };
}
