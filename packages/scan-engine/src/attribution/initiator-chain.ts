import type { FramesCollector } from '../collectors/frames.collector.ts';
import type { RequestRecord } from '../collectors/request-log.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { ScriptNamesCollector } from '../collectors/script-names.collector.ts';
import type { ScriptOrigin } from '../collectors/script-origin.ts';
import { stackUrls } from '../collectors/call-stack.ts';

const CHAIN_LENGTH_MAX = 20;

/** Answers "who brought that in?", step by step outwards, up to the page itself. */
export interface InitiatorChains {
  /** What caused a request to be at its hop number `hopIndex`: earlier hops first, then who started it. */
  ofRequest(request: RequestRecord, hopIndex: number): string[];
  /**
   * Which script acted, and what brought it in: outer scripts of its stack, then who loaded it. A stack without
   * any address is code made from text; the document it ran in is then the best that can be named.
   */
  ofScript(origin: ScriptOrigin): { url: string; initiators: string[]; confidence: 'observed' | 'inferred' };
}

/** Prepares the answers from everything that was requested; call it when the scan has seen its last request. */
export function initiatorChains(
  requests: RequestsCollector,
  frames: FramesCollector,
  scriptNames: ScriptNamesCollector,
): InitiatorChains {
  const byUrl = new Map<string, RequestRecord>();
  for (const request of requests.all()) {
    for (const { url } of request.hops) if (!byUrl.has(url)) byUrl.set(url, request);
  }

  /** Adds what caused `request`, then what caused that, until it knows no further. */
  const climb = (request: RequestRecord, chain: Set<string>, visited: Set<RequestRecord>): void => {
    visited.add(request);
    const causes = causesOf(request, requests);
    for (const cause of causes) chain.add(cause);
    if (chain.size >= CHAIN_LENGTH_MAX) return;
    const next = causes
      .map((cause) => byUrl.get(cause))
      .find((found) => found !== undefined && !visited.has(found));
    if (next) climb(next, chain, visited);
    else if (request.frameId !== null) for (const url of frames.ancestorsOf(request.frameId)) chain.add(url);
  };

  const finish = (chain: Set<string>, self: string | null): string[] =>
    [...chain].filter((url) => url !== self && url !== '').slice(0, CHAIN_LENGTH_MAX);

  return {
    ofRequest(request, hopIndex) {
      const chain = new Set(
        request.hops
          .slice(0, hopIndex)
          .map(({ url }) => url)
          .reverse(),
      );
      climb(request, chain, new Set());
      return finish(chain, request.hops[hopIndex]?.url ?? null);
    },
    ofScript(origin) {
      const [script, ...callers] = scriptNames.scriptUrls(origin);
      const self = script ?? origin.documentUrl;
      const chain = new Set(callers);
      const loaded = byUrl.get(self);
      if (loaded) climb(loaded, chain, new Set());
      chain.add(origin.documentUrl);
      for (const url of origin.ancestorUrls) chain.add(url);
      return {
        url: self,
        initiators: finish(chain, self),
        confidence: script === undefined ? 'inferred' : 'observed',
      };
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
  if (target.type !== 'page' && target.type !== 'iframe' && target.url !== request.hops[0]?.url)
    return [target.url];
  return request.type === 'Document' ? [] : [request.documentUrl];
}
