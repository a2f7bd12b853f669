import type { KnowledgeBase, SiteObservation } from '@cookie-scanner/contracts';
import {
  classifyCookies,
  classifyStorage,
  type ClassifiedCookie,
  type ClassifiedStorageItem,
} from './classification/classify-cookies.ts';
import type { ClassifyOptions } from './classification/classifier.ts';
import { judgeSite, type Judgement } from './verdicts/judge-site.ts';

/** Everything that follows from an observation and what is known. */
export interface Analysis {
  /** The cookies of the observation, in its order, with what they are for. */
  readonly cookies: readonly ClassifiedCookie[];
  /** The storage items of the observation, in its order, with what they are for. */
  readonly storage: readonly ClassifiedStorageItem[];
  readonly judgement: Judgement;
  /** Version of the knowledge that it rests on. */
  readonly knowledgeVersion: string;
}

/**
 * Says what the cookies and storage items of an observation are for and how the site stands against the rules. Depends on nothing but its
 * arguments, so that a stored scan can be judged again at any time.
 */
export function analyseObservation(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions = {},
): Analysis {
  const cookies = classifyCookies(observation, knowledge, options);
  const storage = classifyStorage(observation, knowledge, options);
  const vendorOf = knowledge.vendorOf.bind(knowledge);
  return {
    cookies,
    storage,
    judgement: judgeSite(observation, { cookies, storage, vendorOf }),
    knowledgeVersion: knowledge.version,
  };
}
