/** One request that reached the test web. */
export interface LoggedRequest {
  /** Milliseconds since the web started. */
  readonly atMs: number;
  readonly method: string;
  /** Whole address by scheme and Host header; `ws:` and `wss:` for WebSocket handshakes. */
  readonly url: string;
  readonly host: string;
  /** `Cookie` header as it came; null when none did. */
  readonly cookie: string | null;
  /** `Sec-GPC` header as it came; null when none did. */
  readonly secGpc: string | null;
}

/** Keeps the latest requests. */
export interface RequestLog {
  add(request: Omit<LoggedRequest, 'atMs'>): void;
  /** Oldest first. */
  entries(): readonly LoggedRequest[];
}

/** A page that polls for ever must not fill the memory of a test. */
const ENTRIES_MAX = 50_000;

/** Starts an empty log whose clock starts now. */
export function startRequestLog(): RequestLog {
  const startedAtMs = performance.now();
  const entries: LoggedRequest[] = [];
  return {
    add(request) {
      entries.push({ atMs: performance.now() - startedAtMs, ...request });
      if (entries.length > ENTRIES_MAX) entries.splice(0, ENTRIES_MAX / 2);
    },
    entries: () => [...entries],
  };
}
