import type { Answer, Site, SocketAnswer } from './site.ts';

/** Finds what answers an address. */
export interface RouteTable {
  /** The answer to an address; undefined when no site has it. */
  answer(url: URL): Answer | undefined;
  socket(url: URL): SocketAnswer | undefined;
  /** True when some site has a route on this host. */
  ownsHost(host: string): boolean;
}

/**
 * Joins the routes of all sites.
 *
 * @throws Error when two sites have the same name or claim the same route
 */
export function joinRoutes(sites: readonly Omit<Site, 'truth'>[]): RouteTable {
  const answers = new RouteMap<Answer>();
  const sockets = new RouteMap<SocketAnswer>();
  const names = new Set<string>();
  for (const site of sites) {
    if (names.has(site.name)) throw new Error(`two sites are named ${site.name}`);
    names.add(site.name);
    for (const [route, answer] of Object.entries(site.routes)) answers.add(route, answer, site.name);
    for (const [route, socket] of Object.entries(site.sockets ?? {})) sockets.add(route, socket, site.name);
  }
  return {
    answer: (url) => answers.find(url),
    socket: (url) => sockets.find(url),
    ownsHost: (host) => answers.hosts.has(host),
  };
}

class RouteMap<T> {
  readonly hosts = new Set<string>();
  readonly #exact = new Map<string, T>();
  readonly #prefixes: [string, T][] = [];

  add(route: string, answer: T, site: string): void {
    for (const key of withSchemes(route)) {
      this.hosts.add(new URL(key).hostname);
      if (key.endsWith('*')) this.#prefixes.push([key.slice(0, -1), answer]);
      else if (this.#exact.has(key))
        throw new Error(`${site} claims ${key}, which another route has already`);
      else this.#exact.set(key, answer);
    }
  }

  find(url: URL): T | undefined {
    // A WebSocket handshake arrives as http or https: the scheme is that of the server it reached.
    const key = `${url.protocol}//${url.hostname}${url.pathname}`;
    return this.#exact.get(key) ?? this.#prefixes.find(([prefix]) => key.startsWith(prefix))?.[1];
  }
}

function withSchemes(route: string): string[] {
  return /^https?:\/\//.test(route) ? [route] : [`http://${route}`, `https://${route}`];
}
