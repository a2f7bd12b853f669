import { createHash } from 'node:crypto';
import { categoryProbabilities, purposeFeatures, type PurposeWeights } from '@cookie-scanner/analysis';
import type { KnownCategory, PurposeModel } from '@cookie-scanner/contracts';
import { grade, type Answer } from './examination.ts';
import { fitWeights } from './fit-weights.ts';
import { LEARNED_CATEGORIES, type PurposeExample } from './purpose-example.ts';
import { partsByGroup } from './split-by-group.ts';
import { chooseThresholds, likeliest, type Prediction } from './thresholds.ts';

/** Raise it with every change of features or training. */
const MODEL_VERSION = '1.0.0';
const MODEL_NAME = 'cookie-purpose';

const PARTS = 5;
const QUALITY_DIGITS = 3;

/** What is written into a model beside what it learned. */
export interface TrainingOptions {
  readonly knowledgeVersion: string;
  readonly seed: number;
}

/**
 * Trains a model. Thresholds and quality come from five trainings that each leave out a fifth of the vendors; the
 * weights then come from all examples.
 */
export function trainPurposeModel(
  examples: readonly PurposeExample[],
  { knowledgeVersion, seed }: TrainingOptions,
): PurposeModel {
  const predictions = crossPredict(examples, seed);
  const thresholds = chooseThresholds(predictions);
  const all = grade(predictions.map((prediction) => answerOf(prediction, null)));
  const sure = grade(predictions.map((prediction) => answerOf(prediction, thresholds)));
  return {
    name: MODEL_NAME,
    version: MODEL_VERSION,
    training: {
      knowledgeVersion,
      examplesSha256: createHash('sha256').update(JSON.stringify(examples)).digest('hex'),
      examples: examples.length,
      seed,
    },
    quality: {
      accuracy: rounded(all.accuracy),
      macroF1: rounded(all.macroF1),
      answered: rounded(sure.answered),
      accuracyOfAnswered: rounded(sure.accuracyOfAnswered),
    },
    thresholds,
    ...fitWeights(examples, seed),
  };
}

/** What a model makes of examples that it has not learned. */
export function predictAll(model: PurposeWeights, examples: readonly PurposeExample[]): Prediction[] {
  return examples.map((example) => ({
    example,
    probabilities: categoryProbabilities(model, purposeFeatures(example.facts)),
  }));
}

/** The likeliest category, or nothing where it stays below its threshold; without thresholds always something. */
export function answerOf(
  { example, probabilities }: Prediction,
  thresholds: readonly number[] | null,
): Answer {
  const at = likeliest(probabilities);
  const isSaid = thresholds === null || (probabilities[at] ?? 0) >= (thresholds[at] ?? 1);
  const said: KnownCategory | null = isSaid ? (LEARNED_CATEGORIES[at] ?? null) : null;
  return { truth: example.category, said };
}

function crossPredict(examples: readonly PurposeExample[], seed: number): Prediction[] {
  const parts = partsByGroup(examples, PARTS, seed);
  return parts.flatMap((heldOut) => {
    const rest = parts.filter((part) => part !== heldOut).flat();
    return predictAll(fitWeights(rest, seed), heldOut);
  });
}

function rounded(share: number): number {
  return Number(share.toFixed(QUALITY_DIGITS));
}
