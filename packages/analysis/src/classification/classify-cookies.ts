import type {
  CookieClassification,
  CookieObservation,
  KnowledgeBase,
  SiteObservation,
  StorageObservation,
} from '@cookie-scanner/contracts';
import { cookieIdentity, type CookieIdentity } from '../identity/cookie-identity.ts';
import { classifier, type ClassifyOptions } from './classifier.ts';

/** A cookie with what we think it is for. */
export interface ClassifiedCookie {
  readonly cookie: CookieObservation;
  /** The same for the same cookie in every scan, whatever its name carries. */
  readonly identity: CookieIdentity;
  readonly classification: CookieClassification;
}

/** A storage item with what we think it is for. */
export interface ClassifiedStorageItem {
  readonly item: StorageObservation;
  readonly classification: CookieClassification;
}

/**
 * Says what the cookies in the jar are for, in the order of the observation. Overrides win over knowledge, knowledge over
 * the model; what none of them knows well enough stays `unclassified`. Equal input gives equal output.
 */
export function classifyCookies(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions = {},
): ClassifiedCookie[] {
  return classifyAll(observation.cookies, observation, knowledge, options);
}

/** The same for cookies that were gone again before the scan ended. */
export function classifyTransientCookies(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions = {},
): ClassifiedCookie[] {
  return classifyAll(observation.transientCookies, observation, knowledge, options);
}

/**
 * Says what storage items are for, in the order of the observation: an SDK that keeps its identifier here names it as it
 * would name a cookie.
 */
export function classifyStorage(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions = {},
): ClassifiedStorageItem[] {
  const judge = classifier(observation, knowledge, options);
  return observation.storage.map((item) => ({ item, classification: judge.ofStorageItem(item) }));
}

function classifyAll(
  cookies: readonly CookieObservation[],
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions,
): ClassifiedCookie[] {
  const judge = classifier(observation, knowledge, options);
  return cookies.map((cookie) => ({
    cookie,
    identity: cookieIdentity(cookie),
    classification: judge.ofCookie(cookie),
  }));
}
