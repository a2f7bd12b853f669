import type { Protocol } from '../browser/cdp.ts';
import type { FramesCollector } from '../collectors/frames.collector.ts';
import type { RequestRecord, RequestsCollector } from '../collectors/requests.collector.ts';
import type { ScriptOrigin } from '../collectors/script-writes.collector.ts';

const CHAIN_LENGTH_MAX = 20;

/** Answers "who brought that in?", step by step outwards, up to the page itself. */
export interface InitiatorChains {
  /** What caused a request to be at its hop number `hopIndex`: earlier hops first, then who started it. */
  ofRequest(request: RequestRecord, hopIndex: number): string[];
  /** What brought in the script that acted: outer scripts of its stack, then who loaded it. */
  ofScript(origin: ScriptOrigin): string[];
}

/** Prepares the answers from everything that was requested; call it when the scan has seen its last request. */
export function initiatorChains(requests: RequestsCollector, frames: FramesCollector): InitiatorChains {
  const byUrl = new Map<string, RequestRecord>();
  for (const request of requests.all()) {
    for (const { url } of request.hops) if (!byUrl.has(url)) byUrl.set(url, request);
  }

  /** Adds what caused `request`, then what caused that, until it knows no further. */
  const climb = (request: RequestRecord, chain: Set<string>): void => {
    const causes = causesOf(request, requests);
    for (const cause of causes) chain.add(cause);
    if (chain.size >= CHAIN_LENGTH_MAX) return;
    const outermost = causes.at(-1);
    const next = causes.map((cause) => byUrl.get(cause)).find((found) => found && found !== request);
    if (next && !isVisited(next, chain)) climb(next, markVisited(next, chain));
    else if (!outermost || !next) for (const url of request.frameId ? frames.ancestorsOf(request.frameId) : []) chain.add(url);
  };

  const visited = new WeakMap<Set<string>, Set<RequestRecord>>();
  const isVisited = (request: RequestRecord, chain: Set<string>): boolean => visited.get(chain)?.has(request) ?? false;
  const markVisited = (request: RequestRecord, chain: Set<string>): Set<string> => {
    const seen = visited.get(chain) ?? new Set();
    visited.set(chain, seen.add(request));
    return chain;
  };

  const finish = (chain: Set<string>, self: string | null): string[] =>
    [...chain].filter((url) => url !== self && url !== '').slice(0, CHAIN_LENGTH_MAX);

  return {
    ofRequest(request, hopIndex) {
      const chain = new Set(request.hops.slice(0, hopIndex).map(({ url }) => url).reverse());
      climb(request, markVisited(request, chain));
      return finish(chain, request.hops[hopIndex]?.url ?? null);
    },
    ofScript(origin) {
      const self = origin.scriptUrls[0] ?? origin.documentUrl;
      const chain = new Set(origin.scriptUrls.slice(1));
      const loaded = byUrl.get(self);
      if (loaded) climb(loaded, markVisited(loaded, chain));
      chain.add(origin.documentUrl);
      for (const url of origin.ancestorUrls) chain.add(url);
      return finish(chain, self);
    },
  };
}

/** What directly caused a request: the scripts on its stack, the document that names it, or the worker it came from. */
function causesOf(request: RequestRecord, requests: RequestsCollector): string[] {
  const { initiator, target } = request;
  const fromStack = stackUrls(initiator?.stack);
  if (fromStack.length > 0) return fromStack;
  if (initiator?.requestId) {
    const cause = requests.find(initiator.requestId)?.hops.at(-1);
    if (cause) return [cause.url];
  }
  if (initiator?.url) return [initiator.url];
  if (target.type !== 'page' && target.type !== 'iframe' && target.url !== request.hops[0]?.url) return [target.url];
  return request.type === 'Document' ? [] : [request.documentUrl];
}

/** Addresses on a stack and on the stacks that scheduled it, innermost first. */
function stackUrls(stack: Protocol.Runtime.StackTrace | undefined): string[] {
  const urls = new Set<string>();
  for (let level = stack; level; level = level.parent) {
    for (const { url } of level.callFrames) if (url !== '') urls.add(url);
  }
  return [...urls];
}
