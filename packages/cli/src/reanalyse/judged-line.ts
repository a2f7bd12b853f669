import { analyseObservation, type Analysis, type ClassifyOptions } from '@cookie-scanner/analysis';
import {
  confidenceSchema,
  cookieCategorySchema,
  judgedFindingSchema,
  type CookieClassification,
  type KnowledgeBase,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { z } from 'zod';

/** A cookie that is held to be for something else than before, although the observation is the same. */
const knowledgeChangeSchema = z.object({
  name: z.string(),
  domain: z.string(),
  before: cookieCategorySchema,
  after: cookieCategorySchema,
});
export type KnowledgeChange = z.infer<typeof knowledgeChangeSchema>;

/** One line of the output: how one observation stands against the rules today. */
export const judgedLineSchema = z.object({
  /** Null for the output of a crawl. */
  scanId: z.string().nullable(),
  requestedUrl: z.string(),
  startedAt: z.string(),
  knowledgeVersion: z.string(),
  score: z.number().nullable(),
  confidence: confidenceSchema,
  findings: z.array(judgedFindingSchema),
  /** Categories in the order of the observation's cookies, so that a later run can tell what changed. */
  categories: z.array(cookieCategorySchema),
  /** What only our knowledge changed since it was judged before; empty where it never was. */
  knowledgeChanged: z.array(knowledgeChangeSchema),
});
export type JudgedLine = z.infer<typeof judgedLineSchema>;

/** An observation judged again. */
export interface Rejudged {
  readonly line: JudgedLine;
  readonly analysis: Analysis;
}

/**
 * Judges an observation with today's knowledge.
 *
 * @param before - categories of its cookies when it was judged before, in its order; empty where it never was
 * @param basis - what is taken into account beside the knowledge
 */
export function rejudge(
  observation: SiteObservation,
  knowledge: KnowledgeBase,
  {
    scanId,
    before,
    basis,
  }: {
    scanId: string | null;
    before: readonly (CookieClassification['category'] | null)[];
    basis: ClassifyOptions;
  },
): Rejudged {
  const analysis = analyseObservation(observation, knowledge, basis);
  const { findings, metrics } = analysis.judgement;
  const categories = analysis.cookies.map(({ classification }) => classification.category);
  const knowledgeChanged = observation.cookies.flatMap(({ name, domain }, position) => {
    const [was, is] = [before[position], categories[position]];
    return was === undefined || was === null || is === undefined || was === is
      ? []
      : [{ name, domain, before: was, after: is }];
  });
  return {
    analysis,
    line: {
      scanId,
      requestedUrl: observation.requestedUrl,
      startedAt: observation.startedAt,
      knowledgeVersion: analysis.knowledgeVersion,
      score: metrics.score,
      confidence: metrics.confidence,
      findings: [...findings],
      categories,
      knowledgeChanged,
    },
  };
}
