import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import type { SiteTruth } from '../truth.ts';
import { byScript, truth } from '../truth-builders.ts';
import { vendorScript, type VendorName } from '../vendors/vendor-files.ts';

const SDK_HOST = 'sdk.test';

/** Where the parts of one vendor's site are. */
interface VendorPage {
  readonly host: string;
  readonly origin: string;
  /** Script of the vendor. */
  readonly sdk: string;
}

/**
 * A site that loads one vendor's library from a CDN and starts it inline, as the vendor's manual says. What is
 * true of it was seen in Chromium 156, by hooks in the page and by its jar.
 */
export function vendorSite(
  vendor: VendorName,
  summary: string,
  start: string,
  truthOf: (page: VendorPage) => Partial<SiteTruth>,
): Site {
  const host = `${vendor}-shop.test`;
  const url = `https://${host}/`;
  const sdk = `https://${SDK_HOST}/${vendor}.js`;
  const { storage = [], ...told } = truthOf({ host, origin: `https://${host}`, sdk });
  return {
    name: `vendor-${vendor}`,
    url,
    summary,
    routes: {
      [`${host}/`]: html(`<h1>Shop</h1><script src="${sdk}"></script><script>${start}</script>`, {
        title: 'Shop',
      }),
      [`${SDK_HOST}/${vendor}.js`]: vendorScript(vendor),
    },
    truth: truth(url, { ...told, storage: storage.map((entry) => ({ ...entry, setBy: byScript(sdk) })) }),
  };
}
