import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { openEgressGateway, type EgressGateway } from '../egress/egress-gateway.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import type { FileKey } from '../site-access/file-key.ts';
import { isSameSite } from '../site.ts';

/** A file that a site has for robots, on its way. */
interface SiteFile {
  /** Where it was found after redirects. */
  readonly url: string;
  readonly status: number;
  /**
   * Its text in pieces, unpacked when it is compressed. Ends with a {@link SiteFileError} when a bound is passed or the
   * connection breaks. Must be read, or left with `return`.
   */
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Why a file could not be read, in words that follow its address. */
export class SiteFileError extends Error {}

/** Asks a site for files that are made for robots. */
export interface SiteFiles {
  /** @throws SiteFileError when no answer came, or one that leads away from the site */
  open(url: string, signal: AbortSignal): Promise<SiteFile>;
  close(): Promise<void>;
}

/** How a scan reaches a site beside its browser. */
interface SiteFileAccess {
  readonly egressPolicy: EgressPolicy;
  readonly userAgent: string;
  readonly ignoreCertificateErrors: boolean;
  /** Opens a site that is closed to strangers; null, or left out, for one that is not. */
  readonly key?: FileKey | null;
}

type RequestHeaders = Readonly<Record<string, string>>;

const EGRESS_LIMITS = { bytesMax: 100_000_000, connectionsMax: 300, connectTimeoutMs: 5_000 };
const REDIRECTS_MAX = 5;
/** As the sitemap protocol has it, unpacked. @see https://www.sitemaps.org/protocol.html */
const FILE_BYTES_MAX = 50 * 1_024 * 1_024;
/** Real sitemaps shrink to a tenth or, where they are monotonous, to a fiftieth; what is made to burst shrinks to a thousandth. */
const PACKED_RATIO_MAX = 200;
const UNPACKED_UNJUDGED_BYTES = 1_024 * 1_024;

/**
 * Asks for files over an egress gateway of its own, which is opened for the first one and whose rules are those of the
 * browser's. The browser has no part in it, and its jar is only read, where the site is closed to strangers: no visitor
 * ever gets these files, and what their answers set are no cookies of visitors.
 */
export function siteFiles({
  egressPolicy,
  userAgent,
  ignoreCertificateErrors,
  key = null,
}: SiteFileAccess): SiteFiles {
  let opened: Promise<{ readonly gateway: EgressGateway; readonly agent: SocksProxyAgent }> | null = null;
  const openGateway = async (): Promise<{ gateway: EgressGateway; agent: SocksProxyAgent }> => {
    const gateway = await openEgressGateway(egressPolicy, EGRESS_LIMITS);
    // The gateway resolves names.
    return { gateway, agent: new SocksProxyAgent(`socks5h://127.0.0.1:${gateway.port}`) };
  };
  const send = async (url: string, signal: AbortSignal, more: RequestHeaders): Promise<IncomingMessage> => {
    opened ??= openGateway();
    const { agent } = await opened;
    return await new Promise((resolve, reject) => {
      const headers = { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'gzip', ...more };
      const request = url.startsWith('https:') ? requestHttps : requestHttp;
      request(url, { agent, headers, signal, rejectUnauthorized: !ignoreCertificateErrors }, resolve)
        .on('error', () =>
          reject(new SiteFileError(signal.aborted ? 'did not come in time' : 'could not be reached')),
        )
        .end();
    });
  };
  const ask = async (url: string, signal: AbortSignal): Promise<IncomingMessage> => {
    const headers = (await key?.headersFor(url)) ?? {};
    const response = await send(url, signal, headers);
    const challenge = response.statusCode === 401 ? response.headers['www-authenticate'] : undefined;
    const authorization = challenge === undefined ? null : (key?.answerTo(challenge, url) ?? null);
    if (authorization === null) return response;
    response.destroy();
    const second = await send(url, signal, { ...headers, authorization });
    if (second.statusCode === 401) key?.refused();
    return second;
  };

  return {
    async open(url, signal) {
      let current = url;
      for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
        const response = await ask(current, signal);
        const { statusCode: status = 0, headers } = response;
        if (status < 300 || status >= 400 || headers.location === undefined)
          return { url: current, status, chunks: unpacked(unpacked(received(response, signal))) };
        response.destroy();
        if (!URL.canParse(headers.location, current)) throw new SiteFileError('leads nowhere');
        const next = new URL(headers.location, current);
        if (!/^https?:$/.test(next.protocol) || !isSameSite(next.href, url))
          throw new SiteFileError('leads to another site');
        current = next.href;
      }
      throw new SiteFileError('redirects too often');
    },
    async close() {
      if (!opened) return;
      const { gateway, agent } = await opened;
      agent.destroy();
      await gateway.close();
    },
  };
}

async function* received(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch {
    throw new SiteFileError(signal.aborted ? 'did not come in time' : 'broke off');
  } finally {
    response.destroy();
  }
}

/** Unpacks what is compressed, whatever headers and names say, and passes on what is not. */
async function* unpacked(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await source.next();
  if (first.done) return;
  let packedBytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    packedBytes += first.value.length;
    yield first.value;
    for await (const chunk of source) {
      packedBytes += chunk.length;
      yield chunk;
    }
  };
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
  let bytes = 0;
  try {
    for await (const chunk of isPacked ? gunzipped(counted()) : counted()) {
      bytes += chunk.length;
      if (bytes > FILE_BYTES_MAX) throw new SiteFileError('is too large');
      if (isPacked && bytes > UNPACKED_UNJUDGED_BYTES && bytes > packedBytes * PACKED_RATIO_MAX)
        throw new SiteFileError('is packed so that it bursts');
      yield chunk;
    }
  } finally {
    await source.return(undefined);
  }
}

async function* gunzipped(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let broken: unknown = null;
  const gunzip = createGunzip();
  pipeline(Readable.from(source), gunzip, (error) => {
    broken = error ?? null;
  });
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const reason = error instanceof SiteFileError ? error : broken;
    throw reason instanceof SiteFileError ? reason : new SiteFileError('is damaged');
  }
}
