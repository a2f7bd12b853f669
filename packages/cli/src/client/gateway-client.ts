import {
  cookiePageSchema,
  problemSchema,
  scanFindingsSchema,
  scanFileListSchema,
  scanResultSchema,
  siteObservationSchema,
  type Cookie,
  type CreateScanBody,
  type Finding,
  type ReportFormat,
  type ScanFindings,
  type ScanFileList,
  type ScanResult,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { AppError, ERROR_RULES, type ErrorCode } from '@cookie-scanner/errors';

const ITEMS_PER_PAGE = 200;
/** The part of an error's body that is shown; the rest may grow without breaking this client. */
const shownProblemSchema = problemSchema.pick({ code: true, detail: true, requestId: true });
const REQUEST_TIMEOUT_MS = 30_000;

/** The platform's REST API, as any client sees it. */
export interface GatewayClient {
  submit(body: CreateScanBody): Promise<ScanResult>;
  scan(scanId: string): Promise<ScanResult>;
  /** All cookies of a scan, page by page. */
  cookies(scanId: string): Promise<Cookie[]>;
  /** How a scan stands against the rules, with all of its findings; without metrics when it was not analysed. */
  findings(scanId: string): Promise<ScanFindings>;
  /** Null when the scan ended without one. */
  observation(scanId: string): Promise<SiteObservation | null>;
  report(scanId: string, format: ReportFormat): Promise<Uint8Array>;
  /** Screenshots and the record of requests. */
  files(scanId: string): Promise<ScanFileList['items']>;
  file(scanId: string, name: string): Promise<Uint8Array>;
  /** The stream of a scan's events, to be read until it ends. */
  events(scanId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** As for `fetch`, with plain headers. */
type CallInit = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** A gateway, and the key that opens it. */
export interface GatewayPlace {
  readonly gatewayUrl: string;
  readonly apiKey: string;
}

/**
 * A client of the gateway at this address. Every call rejects with the reason of `signal` when that fires.
 *
 * Calls throw the AppError that the gateway's answer names, and STACK_FAILED when there is no proper answer.
 */
export function gatewayClient({ gatewayUrl, apiKey }: GatewayPlace, signal: AbortSignal): GatewayClient {
  async function request(path: string, init: CallInit = {}): Promise<Response> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    return answered(path, { ...init, signal: AbortSignal.any([signal, timeout]) });
  }
  async function answered(path: string, init: CallInit): Promise<Response> {
    let response: Response;
    try {
      const headers = { ...init.headers, authorization: `Bearer ${apiKey}` };
      response = await fetch(`${gatewayUrl}/api/v1${path}`, { ...init, headers });
    } catch (error) {
      signal.throwIfAborted();
      throw new AppError(
        'STACK_FAILED',
        'The platform does not answer any more; run the command again.',
        {},
        { cause: error },
      );
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
  const json = async (path: string): Promise<unknown> => (await request(path)).json();

  return {
    async submit(body) {
      const headers = { 'content-type': 'application/json' };
      const response = await request('/scans', { method: 'POST', headers, body: JSON.stringify(body) });
      return scanResultSchema.parse(await response.json());
    },
    scan: async (scanId) => scanResultSchema.parse(await json(`/scans/${scanId}`)),
    async cookies(scanId) {
      const all: Cookie[] = [];
      let cursor: string | null = null;
      do {
        const page = cookiePageSchema.parse(await json(`/scans/${scanId}/cookies?${pageQuery(cursor)}`));
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return all;
    },
    async findings(scanId) {
      const items: Finding[] = [];
      let cursor: string | null = null;
      for (;;) {
        const page = scanFindingsSchema.parse(await json(`/scans/${scanId}/findings?${pageQuery(cursor)}`));
        items.push(...page.items);
        cursor = page.nextCursor;
        if (cursor === null) return { ...page, items };
      }
    },
    async observation(scanId) {
      const response = await request(`/scans/${scanId}/observation`).catch(nullWhenAbsent);
      return response ? siteObservationSchema.parse(await response.json()) : null;
    },
    report: async (scanId, format) => (await request(`/scans/${scanId}/reports/${format}`)).bytes(),
    files: async (scanId) => scanFileListSchema.parse(await json(`/scans/${scanId}/files`)).items,
    file: async (scanId, name) => (await request(`/scans/${scanId}/files/${name}`)).bytes(),
    async events(scanId, ending) {
      const headers = { accept: 'text/event-stream' };
      const { body } = await answered(`/scans/${scanId}/events`, {
        headers,
        signal: AbortSignal.any([signal, ending]),
      });
      if (!body) throw new AppError('STACK_FAILED', 'The platform sent no events; run the command again.');
      return body;
    },
  };
}

/** The part of an address that asks for one page of a list. */
function pageQuery(cursor: string | null): string {
  const limit = String(ITEMS_PER_PAGE);
  return new URLSearchParams({ limit, ...(cursor === null ? {} : { cursor }) }).toString();
}

/** Scans that never got as far as a browser have no observation. */
function nullWhenAbsent(error: unknown): null {
  if (error instanceof AppError && error.rule.status === 404) return null;
  throw error;
}

async function problemOf(response: Response): Promise<AppError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = shownProblemSchema.safeParse(body);
  if (!problem.success) {
    return new AppError(
      'STACK_FAILED',
      `The platform answered with status ${response.status}; run the command again.`,
    );
  }
  const { code, detail, requestId } = problem.data;
  const known = Object.hasOwn(ERROR_RULES, code) ? (code as ErrorCode) : 'STACK_FAILED';
  return new AppError(known, detail, { requestId });
}
