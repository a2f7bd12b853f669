import type { KnowledgeBase, SiteObservation } from '@cookie-scanner/contracts';
import { classifyCookies, type ClassifiedCookie } from './classification/classify-cookies.ts';
import type { ClassifyOptions } from './classification/classifier.ts';
import { judgeSite, type Judgement } from './verdicts/judge-site.ts';

/** Everything that follows from an observation and what is known. */
export interface Analysis {
  /** The cookies of the observation, in its order, with what they are for. */
  readonly cookies: readonly ClassifiedCookie[];
  readonly judgement: Judgement;
  /** Version of the knowledge that it rests on. */
  readonly knowledgeVersion: string;
}

/**
 * Says what the cookies of an observation are for and how the site stands against the rules. Depends on nothing but its
 * arguments, so that a stored scan can be judged again at any time.
 */
export function analyseObservation(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  options: ClassifyOptions = {},
): Analysis {
  const cookies = classifyCookies(observation, knowledge, options);
  const vendorOf = knowledge.vendorOf.bind(knowledge);
  return {
    cookies,
    judgement: judgeSite(observation, { cookies, vendorOf }),
    knowledgeVersion: knowledge.version,
  };
}
