import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { ExplorationTruth, SiteTruth } from './truth.ts';

/** What a route may need to know of the running web. */
export interface WebContext {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Port on 127.0.0.1 that no scan may ever reach; what arrives there is counted. */
  readonly privatePort: number;
}

/** One request and the response to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole address, as the visitor typed it. */
  readonly url: URL;
  readonly web: WebContext;
}

/** Answers one request. */
export type Answer = (exchange: Exchange) => void | Promise<void>;

/** Serves one WebSocket address. */
export interface SocketAnswer {
  /** `Set-Cookie` headers of the handshake's response. */
  readonly setCookie: readonly string[];
  /** Called with each socket that is open. */
  readonly talk: (socket: WebSocket) => void;
}

/**
 * Routes by `host/path`, for example `shop.test/` or `cdn.test/shop/*`.
 *
 * A trailing `*` matches any rest; a leading `http://` or `https://` keeps the route to that scheme. The query is
 * not part of the match. Sites may share a host as long as their paths differ.
 */
type Routes = Readonly<Record<string, Answer>>;

/** A site of the test web, with its truth. */
export interface Site {
  /** Unique, in kebab-case. */
  readonly name: string;
  /** Address to scan. */
  readonly url: string;
  /** What is special about it, in one sentence. */
  readonly summary: string;
  readonly routes: Routes;
  /** WebSocket addresses, by `host/path`. */
  readonly sockets?: Readonly<Record<string, SocketAnswer>>;
  /** Hosts of it that speak HTTP/2 and nothing older; all others speak HTTP/1.1. */
  readonly http2Hosts?: readonly string[];
  /** Names that are aliases of others, as a CNAME record would say: the host rules of the web map them. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** About a scan of its first page, by a visitor who was given no way in. */
  readonly truth: SiteTruth;
  /** About a scan of more pages, where that is what the site is for. */
  readonly exploration?: ExplorationTruth;
  /** For sites that open to whoever has the key. */
  readonly inside?: Inside;
}

/** A way into a site, and the truth for whoever takes it. */
export interface Inside {
  /** What the visitor must bring along: headers, cookies, credentials, a recorded login. */
  readonly access: Readonly<Record<string, unknown>>;
  /** Texts of it that nobody but the site may get to see. */
  readonly secrets: readonly string[];
  /** Without the cookies that the visitor brings along. */
  readonly truth: SiteTruth;
  /** Names of cookies that only a visitor who logged in gets. */
  readonly behindLogin: readonly string[];
}
