import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { makeCertificate } from './certificate.ts';
import { listen, type ListeningServer } from './listening-server.ts';
import { startPrivateNetwork } from './private-network.ts';
import { startRequestLog, type LoggedRequest } from './request-log.ts';
import { requestListener, upgradeListener, type WebState } from './request-handler.ts';
import { joinRoutes } from './route-table.ts';
import { SITES } from './site-catalog.ts';
import { CONSENT_SITES } from './consent/consent-catalog.ts';
import type { Site } from './site.ts';

/** How to start the test web. */
export interface TestWebOptions {
  /** 0, the default, takes a free port. */
  readonly httpPort?: number;
  readonly httpsPort?: number;
  /** Sites beside those of the catalog, for example generated ones. */
  readonly extraSites?: readonly Site[];
}

/** A running test web. */
export interface TestWeb {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Port on 127.0.0.1 (and ::1, where there is one) that stands for a private network: no scan may reach it. */
  readonly privatePort: number;
  /** Sends every name to this web, in the syntax of Chromium's `--host-resolver-rules`. */
  readonly hostResolverRules: string;
  /** Without those of `CONSENT_SITES`, which are served too. */
  readonly sites: readonly Site[];
  /** Requests that reached the web, oldest first; of a very long run only the latest. */
  requestLog(): readonly LoggedRequest[];
  /** Bytes that were written to visitors so far, those of TLS and headers included. */
  bytesSent(): number;
  /** Connections and UDP packets that reached the private port: 0 as long as a scanner keeps to the public network. */
  privateConnectionCount(): number;
  /** Ends the servers and every open socket. */
  close(): Promise<void>;
}

/**
 * Starts one HTTP and one HTTPS server on 127.0.0.1 that answer for any host name, and one for hosts that speak HTTP/2.
 *
 * @throws Error with code EADDRINUSE when a wanted port is taken
 */
export async function startTestWeb(options: TestWebOptions = {}): Promise<TestWeb> {
  const sites = [...SITES, ...(options.extraSites ?? [])];
  const ports = { httpPort: 0, httpsPort: 0, privatePort: 0 };
  const state: WebState = {
    table: joinRoutes([...sites, ...CONSENT_SITES]),
    log: startRequestLog(),
    web: ports,
  };
  const http = createHttpServer(requestListener('http', state)).on('upgrade', upgradeListener('http', state));
  const certificate = await makeCertificate();
  const https = createHttpsServer(certificate, requestListener('https', state));
  https.on('upgrade', upgradeListener('https', state));

  const http2Hosts = sites.flatMap((site) => site.http2Hosts ?? []);
  const http2 = createSecureServer(certificate, http2Listener(state));

  const privateNetwork = await startPrivateNetwork();
  let http2Port = 0;
  const servers: { close(): Promise<void> }[] = [privateNetwork];
  const listening: ListeningServer[] = [];
  const close = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.close())));
  try {
    const listeningHttp = await listen(http, options.httpPort ?? 0);
    servers.push(listeningHttp);
    listening.push(listeningHttp);
    const listeningHttps = await listen(https, options.httpsPort ?? 0);
    servers.push(listeningHttps);
    listening.push(listeningHttps);
    const listeningHttp2 = await listen(http2, 0);
    servers.push(listeningHttp2);
    listening.push(listeningHttp2);
    http2Port = listeningHttp2.port;
    ports.httpPort = listeningHttp.port;
    ports.httpsPort = listeningHttps.port;
    ports.privatePort = privateNetwork.port;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...ports,
    hostResolverRules: [
      ...sites
        .flatMap(({ aliases = {} }) => Object.entries(aliases))
        .map(([from, to]) => `MAP ${from} ${to}`),
      ...http2Hosts.map((host) => `MAP ${host}:443 127.0.0.1:${http2Port}`),
      `MAP *:443 127.0.0.1:${ports.httpsPort}`,
      `MAP *:80 127.0.0.1:${ports.httpPort}`,
    ].join(','),
    sites,
    bytesSent: () => listening.reduce((bytes, server) => bytes + server.bytesSent(), 0),
    requestLog: () => state.log.entries(),
    privateConnectionCount: () => privateNetwork.connectionCount(),
    close,
  };
}

/** Node gives requests of HTTP/2 the face of those of HTTP/1.1, though not their types. */
function http2Listener(
  state: WebState,
): (request: Http2ServerRequest, response: Http2ServerResponse) => void {
  const listener = requestListener('https', state);
  return (request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse);
}
