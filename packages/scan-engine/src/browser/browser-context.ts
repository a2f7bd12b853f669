import type { CDPSession } from './cdp.ts';
import { sendAndForget, type TargetAttacher, type TargetListener } from './target-attacher.ts';

/** An isolated profile inside a browser: own jar, storage, cache and way to the network. */
export interface BrowserContext {
  readonly id: string;
  readonly root: CDPSession;
  /** Opens an empty page and returns its target id. */
  readonly openPage: () => Promise<string>;
  /** Ends all its pages and forgets everything. Never throws. */
  dispose(): Promise<void>;
}

/**
 * Makes a context whose only way out is the SOCKS 5 port of an egress gateway.
 *
 * @param listener - told about every page, frame and worker of the context before it runs
 */
export async function createBrowserContext(
  root: CDPSession,
  attacher: TargetAttacher,
  egressPort: number,
  listener: TargetListener,
): Promise<BrowserContext> {
  const { browserContextId: id } = await root.send('Target.createBrowserContext', {
    disposeOnDetach: true,
    proxyServer: `socks5://127.0.0.1:${egressPort}`,
    proxyBypassList: '<-loopback>',
  });
  attacher.listen(id, listener);
  sendAndForget(root, 'Browser.setDownloadBehavior', { behavior: 'deny', browserContextId: id });
  return {
    id,
    root,
    async openPage() {
      const { targetId } = await root.send('Target.createTarget', {
        url: 'about:blank',
        browserContextId: id,
      });
      return targetId;
    },
    async dispose() {
      await root.send('Target.disposeBrowserContext', { browserContextId: id }).catch(() => undefined);
      // Only now: a worker that starts meanwhile still has the network, and must not show another visitor.
      attacher.unlisten(id);
    },
  };
}
