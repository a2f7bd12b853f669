import { LEARNED_CATEGORIES, type PurposeExample } from './purpose-example.ts';

/** An example with what a model that had not learned it made of it. */
export interface Prediction {
  readonly example: PurposeExample;
  /** In the order of the categories. */
  readonly probabilities: readonly number[];
}

const LOWEST = 0.5;
const HIGHEST = 0.99;
const STEP = 0.01;
/** Fewer answers prove nothing. */
const ANSWERS_MIN = 10;

/**
 * How often a model must be right where it says a category. To call a tracker necessary is the worst that it can do, so
 * that word takes the most.
 */
const PRECISION_MIN = { necessary: 0.9, functional: 0.85, analytics: 0.85, marketing: 0.85 } as const;

/** The lowest probability for each category from which on a model was right often enough. */
export function chooseThresholds(predictions: readonly Prediction[]): number[] {
  return LEARNED_CATEGORIES.map((category, at) => {
    const said = predictions.filter(({ probabilities }) => likeliest(probabilities) === at);
    for (let threshold = LOWEST; threshold < HIGHEST; threshold += STEP) {
      const sure = said.filter(({ probabilities }) => (probabilities[at] ?? 0) >= threshold);
      if (sure.length < ANSWERS_MIN) break;
      const right = sure.filter(({ example }) => example.category === category).length;
      if (right / sure.length >= PRECISION_MIN[category]) return Number(threshold.toFixed(2));
    }
    return 1;
  });
}

/** Place of the highest probability. */
export function likeliest(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
