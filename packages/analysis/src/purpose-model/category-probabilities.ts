import type { PurposeModel } from '@cookie-scanner/contracts';

/** As much of a model as saying something takes. */
export type PurposeWeights = Pick<PurposeModel, 'categories' | 'bias' | 'weights'>;

/**
 * How likely each category is, in the order of the model's categories; together they are 1. Features that the model has
 * not learned say nothing.
 *
 * @param evidence - log odds to add, in the same order
 */
export function categoryProbabilities(
  { categories, bias, weights }: PurposeWeights,
  features: readonly string[],
  evidence: readonly number[] = [],
): number[] {
  const known = features.flatMap((feature) => {
    const found = Object.hasOwn(weights, feature) ? weights[feature] : undefined;
    return found ? [found] : [];
  });
  const scores = categories.map(
    (_category, at) =>
      (bias[at] ?? 0) + (evidence[at] ?? 0) + known.reduce((sum, weight) => sum + (weight[at] ?? 0), 0),
  );
  return softmax(scores);
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
