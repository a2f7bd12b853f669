import type { ConsentRun, ConsentState, KnownVendor, SiteObservation } from '@cookie-scanner/contracts';
import type { ClassifiedCookie, ClassifiedStorageItem } from '../classification/classify-cookies.ts';
import { cookieLifetime } from '../cookie-lifetime.ts';
import { storageIdentity } from '../identity/storage-identity.ts';
import { setterChain } from '../setter-chain.ts';
import { byKeys } from '../sort-order.ts';
import { hostOf, siteOf } from '../web-address.ts';
import type { JudgedCookie } from './judged-cookie.ts';
import type { JudgedStorageItem } from './judged-storage-item.ts';

/** What judging needs beside the observation. */
export interface JudgingKnowledge {
  /** The cookies of the observation with what they are for. */
  readonly cookies: readonly ClassifiedCookie[];
  /** The storage items of the observation with what they are for. */
  readonly storage: readonly ClassifiedStorageItem[];
  /** Who serves a host; null when nobody knows. */
  readonly vendorOf: (host: string) => KnownVendor | null;
}

/** A site as rules see it. */
export interface JudgedSite {
  readonly observation: SiteObservation;
  /** Registrable domain of the page that was finally shown; null where none was. */
  readonly site: string | null;
  /** Whether a page of the site was seen at all. */
  readonly isSeen: boolean;
  /** In an order that does not depend on that of the events. */
  readonly cookies: readonly JudgedCookie[];
  /** In an order that does not depend on that of the scan. */
  readonly storage: readonly JudgedStorageItem[];
  /** Whether the scan looked at more than one consent state. */
  readonly isConsentAudit: boolean;
  /** The run of a consent state; null when there was none or it saw nothing. */
  readonly runOf: (state: ConsentState) => ConsentRun | null;
  readonly vendorOf: (host: string) => KnownVendor | null;
}

/** Puts together what rules ask for. */
export function judgedSite(observation: SiteObservation, knowledge: JudgingKnowledge): JudgedSite {
  const host = hostOf(observation.finalUrl ?? observation.requestedUrl);
  const { runs } = observation.consent;
  return {
    observation,
    site: host === null ? null : siteOf(host),
    isSeen: observation.status === 'success' || observation.status === 'partial',
    cookies: judgedCookies(observation, knowledge.cookies),
    storage: judgedStorage(knowledge.storage),
    isConsentAudit: runs.length > 0,
    runOf: (state) =>
      runs.find((run) => run.state === state && (run.status === 'success' || run.status === 'partial')) ??
      null,
    vendorOf: knowledge.vendorOf,
  };
}

function judgedCookies(
  observation: SiteObservation,
  classified: readonly ClassifiedCookie[],
): JudgedCookie[] {
  return classified
    .map(({ cookie, identity, classification }) => ({
      cookie,
      identity: identity.key,
      classification,
      chain: setterChain(cookie.setBy),
      lifetime: cookieLifetime(cookie, observation),
    }))
    .sort(byKeys(({ identity, cookie }) => [identity, cookie.name, cookie.path, cookie.partitionKey ?? '']));
}

function judgedStorage(classified: readonly ClassifiedStorageItem[]): JudgedStorageItem[] {
  return classified
    .map(({ item, classification }) => ({
      item,
      classification,
      identity: storageIdentity(item),
      chain: setterChain(item.setBy),
    }))
    .sort(byKeys(({ identity, item }) => [identity, item.key]));
}
