import {
  apiClient,
  ApiProblem,
  dataOf,
  itemsOf,
  watchScan,
  type ApiAnswer,
  type ApiClient,
  type components,
  type DataOf,
  type ScanEvent,
} from '@cookie-scanner/api-client';
import {
  siteObservationSchema,
  type Cookie,
  type CreateScanBody,
  type ReportFormat,
  type ScanFileList,
  type ScanFindings,
  type ScanResult,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { AppError, ERROR_RULES, type ErrorCode } from '@cookie-scanner/errors';

const ITEMS_PER_PAGE = 200;

/** What the commands ask of the platform's REST API. */
export interface GatewayClient {
  submit(body: CreateScanBody): Promise<ScanResult>;
  /** Every step of a scan, and at last the scan with its reports made. */
  watch(scanId: string): AsyncIterable<ScanEvent>;
  /** All cookies of a scan. */
  cookies(scanId: string): Promise<Cookie[]>;
  /** How a scan stands against the rules, with all of its findings; without metrics when it was not analysed. */
  findings(scanId: string): Promise<ScanFindings>;
  /** Null when the scan ended without one. */
  observation(scanId: string): Promise<SiteObservation | null>;
  report(scanId: string, format: ReportFormat): Promise<Uint8Array>;
  /** Screenshots and the record of requests. */
  files(scanId: string): Promise<ScanFileList['items']>;
  file(scanId: string, name: string): Promise<Uint8Array>;
}

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
  const api = apiClient({ url: gatewayUrl, token: apiKey, signal });
  const { ask, told } = askerOf(signal);
  const ofScan = (scanId: string) => ({ path: { scanId } });
  return {
    // JSON leaves out what is undefined.
    submit: (body) => ask(api.POST('/scans', { body: body as components['schemas']['CreateScanBody'] })),
    watch: (scanId) => told(watchScan(api, scanId, { signal })),
    async cookies(scanId) {
      const pages = itemsOf((after) =>
        api.GET('/scans/{scanId}/cookies', {
          params: { ...ofScan(scanId), query: { limit: ITEMS_PER_PAGE, ...after } },
        }),
      );
      const all: Cookie[] = [];
      for await (const cookie of told(pages)) all.push(cookie);
      return all;
    },
    findings: (scanId) => allFindings(api, ask, scanId),
    async observation(scanId) {
      const call = api.GET('/scans/{scanId}/observation', { params: ofScan(scanId) });
      const stored = await ask(call).catch(nullWhenAbsent);
      // What an older engine saw lacks what was added since; the schema says what that means.
      return stored && siteObservationSchema.parse(stored);
    },
    report: async (scanId, format) => {
      const params = { path: { scanId, format } };
      return bytes(
        await ask(api.GET('/scans/{scanId}/reports/{format}', { params, parseAs: 'arrayBuffer' })),
      );
    },
    files: async (scanId) => (await ask(api.GET('/scans/{scanId}/files', { params: ofScan(scanId) }))).items,
    file: async (scanId, name) => {
      const params = { path: { scanId, name } };
      return bytes(await ask(api.GET('/scans/{scanId}/files/{name}', { params, parseAs: 'arrayBuffer' })));
    },
  };
}

type Ask = <TAnswer extends ApiAnswer>(call: Promise<TAnswer>) => Promise<DataOf<TAnswer>>;

/** Says what goes wrong in the words of the commands: `ask` for one call, `told` for what comes bit by bit. */
function askerOf(signal: AbortSignal): {
  readonly ask: Ask;
  readonly told: <T>(source: AsyncIterable<T>) => AsyncGenerator<T, void, undefined>;
} {
  const inOurWords = (error: unknown): unknown => {
    signal.throwIfAborted();
    return appErrorOf(error);
  };
  return {
    ask: async (call) => {
      try {
        return await dataOf(call);
      } catch (error) {
        throw inOurWords(error);
      }
    },
    async *told(source) {
      try {
        yield* source;
      } catch (error) {
        throw inOurWords(error);
      }
    },
  };
}

async function allFindings(api: ApiClient, ask: Ask, scanId: string): Promise<ScanFindings> {
  const items: ScanFindings['items'] = [];
  let after: { cursor?: string } = {};
  for (;;) {
    const query = { limit: ITEMS_PER_PAGE, ...after };
    const page: ScanFindings = await ask(
      api.GET('/scans/{scanId}/findings', { params: { path: { scanId }, query } }),
    );
    items.push(...page.items);
    if (page.nextCursor === null) return { ...page, items };
    after = { cursor: page.nextCursor };
  }
}

function bytes(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(buffer);
}

/** Scans that never got as far as a browser have no observation. */
function nullWhenAbsent(error: unknown): null {
  if (error instanceof AppError && error.rule.status === 404) return null;
  throw error;
}

function appErrorOf(error: unknown): AppError {
  if (error instanceof ApiProblem) {
    const { code, message, requestId, status } = error;
    if (code === null) {
      return new AppError(
        'STACK_FAILED',
        `The platform answered with status ${status}; run the command again.`,
      );
    }
    const known = Object.hasOwn(ERROR_RULES, code) ? (code as ErrorCode) : 'STACK_FAILED';
    return new AppError(known, message, { requestId });
  }
  const away = 'The platform does not answer any more; run the command again.';
  return new AppError('STACK_FAILED', away, {}, { cause: error });
}
