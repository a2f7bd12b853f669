import { fakeTarget, type FakeTarget } from '../fake-target.test.helper.ts';
import { framesCollector } from '../collectors/frames.collector.ts';
import { requestsCollector } from '../collectors/requests.collector.ts';
import { scriptNamesCollector } from '../collectors/script-names.collector.ts';
import { scriptWritesCollector } from '../collectors/script-writes.collector.ts';
import { initiatorChains } from './initiator-chain.ts';

/** The collectors of one scan, and a page whose browser is the test. */
export interface ScanEvidence {
  readonly page: FakeTarget;
  readonly frames: ReturnType<typeof framesCollector>;
  readonly requests: ReturnType<typeof requestsCollector>;
  readonly scripts: ReturnType<typeof scriptWritesCollector>;
  readonly scriptNames: ReturnType<typeof scriptNamesCollector>;
  /** Sets the scan's clock. */
  at(atMs: number): void;
  /** Attaches a further frame or worker. */
  attach(options: Parameters<typeof fakeTarget>[0]): FakeTarget;
  /** A script reports a write through the hook, as the browser would tell of it. */
  report(target: FakeTarget, facts: readonly unknown[], stack: object | undefined): void;
  chains(): ReturnType<typeof initiatorChains>;
}

/** Puts the collectors of a scan together, with the page `https://shop.test/` in frame `main`. */
export function scanEvidence(): ScanEvidence {
  let nowMs = 0;
  const frames = framesCollector();
  const requests = requestsCollector(
    () => nowMs,
    () => undefined,
  );
  const scripts = scriptWritesCollector(() => nowMs, frames);
  const scriptNames = scriptNamesCollector();
  const attach = (options: Parameters<typeof fakeTarget>[0]): FakeTarget => {
    const fake = fakeTarget(options);
    for (const collector of [requests, frames, scripts, scriptNames]) collector.attach(fake.target);
    return fake;
  };

  const page = attach({});
  page.emit('Page.frameNavigated', { frame: { id: 'main', url: 'https://shop.test/' } });
  page.emit('Runtime.executionContextCreated', { context: { id: 1, auxData: { frameId: 'main' } } });
  return {
    page,
    frames,
    requests,
    scripts,
    scriptNames,
    at: (atMs) => {
      nowMs = atMs;
    },
    attach,
    report(target, facts, stackTrace) {
      const hook = page.sent.find(({ method }) => method === 'Page.addScriptToEvaluateOnNewDocument');
      const token = /const token = "([^"]+)"/.exec((hook?.params as { source: string }).source)?.[1];
      const args = [token, ...facts].map((value) => ({ value }));
      target.emit('Runtime.consoleAPICalled', { type: 'debug', args, executionContextId: 1, stackTrace });
    },
    chains: () => initiatorChains(requests, frames, scriptNames),
  };
}
