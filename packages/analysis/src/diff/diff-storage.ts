import type { ScanDiff, StorageFacts } from '@cookie-scanner/contracts';
import { stableName } from '../identity/stable-name.ts';
import { storageIdentity } from '../identity/storage-identity.ts';
import { setterChain } from '../setter-chain.ts';
import { summariseThirdPartyHosts } from '../summarise-third-parties.ts';
import { hostOf, siteOf } from '../web-address.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import { diffKeyed } from './diff-keyed.ts';

type Scans = readonly ClassifiedScan[];

/** Storage items that came or went, those whose keys rotate folded. */
export function diffStorage(before: Scans, after: Scans): ScanDiff['storage'] {
  const itemsOf = (scans: Scans) => scans.map(storageFacts);
  return diffKeyed(itemsOf(before), itemsOf(after), ({ key }) => key);
}

/** Hosts of other sites that are contacted now, or no more. */
export function diffThirdPartyHosts(before: Scans, after: Scans): ScanDiff['thirdPartyHosts'] {
  const hostsOf = (scans: Scans) => scans.map(thirdPartyHosts);
  return diffKeyed(hostsOf(before), hostsOf(after), (host) => host);
}

function storageFacts({ observation }: ClassifiedScan): StorageFacts[] {
  return observation.storage.map((item) => ({
    key: storageIdentity(item),
    kind: item.kind,
    origin: item.origin,
    name: stableName(item.key),
    setterSite: setterChain(item.setBy).site,
  }));
}

function thirdPartyHosts({ observation }: ClassifiedScan): string[] {
  const host = hostOf(observation.finalUrl ?? observation.requestedUrl);
  const site = host === null ? null : siteOf(host);
  return summariseThirdPartyHosts(observation, site).map((one) => one.host);
}
