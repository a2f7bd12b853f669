import type { ScanParamsInput, SiteAccess, SiteObservation } from '@cookie-scanner/contracts';
import { isAppError } from '@cookie-scanner/errors';
import { ENGINE_VERSION, type BrowserIdentity, type ScanEngine } from '@cookie-scanner/scan-engine';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { refusedObservation } from './refused-observation.ts';
import type { SiteFiles } from './site-files.ts';
import type { ListedUrl } from './url-list.ts';

/** How every site of a crawl is scanned. */
export interface SiteObserver {
  /** Rejects only when our own machinery fails; a line that is no URL has a result that says so. */
  observe(listed: ListedUrl): Promise<SiteObservation>;
  /** The result of a site on which the browser broke, or its way to the network; `code` is that of the error. */
  broken(listed: ListedUrl, code: string): SiteObservation;
}

interface ObserverOptions {
  readonly engine: ScanEngine;
  readonly settings: {
    readonly allowPrivateNetworks: boolean;
    readonly browserIdentity: BrowserIdentity;
  };
  readonly params: ScanParamsInput;
  /** Null for sites that are open to everybody. */
  readonly access: SiteAccess | null;
  readonly files: SiteFiles;
  readonly signal: AbortSignal;
}

/** Prepares the scans of one crawl. */
export function siteObserver({
  engine,
  settings,
  params,
  access,
  files,
  signal,
}: ObserverOptions): SiteObserver {
  const refused = ({ url }: ListedUrl, reason: string, note: string): SiteObservation =>
    refusedObservation({
      requestedUrl: url,
      reason,
      note,
      at: new Date(),
      engine: { version: ENGINE_VERSION, browser: engine.browserVersion },
      identity: settings.browserIdentity,
    });

  return {
    async observe(listed) {
      const { url, line } = listed;
      try {
        parseScanUrl(url, settings);
      } catch (error) {
        if (!isAppError(error)) throw error;
        return refused(listed, error.code.toLowerCase(), `Line ${line} of the list: ${error.message}`);
      }
      try {
        return await engine.scan(url, {
          params,
          signal,
          ...(access ? { access } : {}),
          saveFile: async (file) => await files.save(url, file),
        });
      } catch (error) {
        if (!isAppError(error) || error.code !== 'RESOURCE_LIMIT') throw error;
        return refused(listed, 'resource_limit', `Line ${line} of the list: ${error.message}`);
      }
    },
    broken: (listed, code) =>
      code === 'EGRESS_UNAVAILABLE'
        ? refused(
            listed,
            'egress_unavailable',
            `Line ${listed.line} of the list: our way to the network failed.`,
          )
        : refused(
            listed,
            'browser_crashed',
            `Line ${listed.line} of the list: the browser broke on it twice.`,
          ),
  };
}
