import { purposeFeatures, type PurposeFacts, type PurposeWeights } from '@cookie-scanner/analysis';
import { LEARNED_CATEGORIES, type PurposeExample } from './purpose-example.ts';
import { seededRandom, shuffled } from './seeded-random.ts';

/** Few rounds and small steps: longer training learned vendors by heart and judged others worse. */
const ROUNDS = 6;
const LEARNING_RATE = 0.03;
/** Pulls weights towards 0, so that what few examples say counts for little. */
const DECAY = 0.0015;
/** What one or two vendors do says nothing of others. */
const GROUPS_MIN = 3;
const WEIGHT_DIGITS = 3;

interface Lesson {
  readonly features: readonly number[];
  readonly category: number;
  readonly share: number;
}

/**
 * Fits a multinomial logistic regression by stochastic gradient descent with step sizes that shrink for each weight by
 * itself (AdaGrad). Equal examples and seed give equal weights.
 *
 * @see https://jmlr.org/papers/v12/duchi11a.html
 */
export function fitWeights(examples: readonly PurposeExample[], seed: number): PurposeWeights {
  const vocabulary = learnableFeatures(examples);
  const shares = categoryShares(examples);
  const lessons = examples.flatMap((example) => lessonsOf(example, vocabulary, shares));
  const width = LEARNED_CATEGORIES.length;
  const weights = new Float64Array((vocabulary.size + 1) * width);
  const squares = new Float64Array(weights.length).fill(1);
  const random = seededRandom(seed);

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const lesson of shuffled(lessons, random)) learn(lesson, weights, squares);
  }
  const row = (at: number): number[] =>
    Array.from(weights.subarray(at * width, (at + 1) * width), (weight) =>
      withoutSign0(Number(weight.toFixed(WEIGHT_DIGITS))),
    );
  return {
    categories: [...LEARNED_CATEGORIES],
    bias: row(0),
    weights: Object.fromEntries([...vocabulary].map(([feature, at]) => [feature, row(at)])),
  };
}

/** Features of enough vendors with their rows, from 1; row 0 is the bias. */
function learnableFeatures(examples: readonly PurposeExample[]): Map<string, number> {
  const groups = new Map<string, Set<string>>();
  for (const { facts, group } of examples) {
    for (const feature of purposeFeatures(facts)) {
      const known = groups.get(feature);
      if (known) known.add(group);
      else groups.set(feature, new Set([group]));
    }
  }
  const learnable = [...groups].filter(([, { size }]) => size >= GROUPS_MIN).map(([feature]) => feature);
  return new Map(learnable.toSorted().map((feature, at) => [feature, at + 1]));
}

/** How much an example of each category counts, so that rare ones are not drowned out. */
function categoryShares(examples: readonly PurposeExample[]): number[] {
  return LEARNED_CATEGORIES.map((one) => {
    const count = examples.filter(({ category }) => category === one).length;
    return count === 0 ? 0 : Math.sqrt(examples.length / (LEARNED_CATEGORIES.length * count));
  });
}

/** An example as it is, and once more without what a scan often cannot tell. */
function lessonsOf(
  { facts, category }: PurposeExample,
  vocabulary: ReadonlyMap<string, number>,
  shares: readonly number[],
): Lesson[] {
  const at = LEARNED_CATEGORIES.indexOf(category);
  const variants: PurposeFacts[] = [facts, { ...facts, vendorKind: null, lifetimeDays: null }];
  return variants.map((variant) => ({
    features: [0, ...purposeFeatures(variant).flatMap((feature) => vocabulary.get(feature) ?? [])],
    category: at,
    share: shares[at] ?? 0,
  }));
}

/** One step towards what the example says. */
function learn({ features, category, share }: Lesson, weights: Float64Array, squares: Float64Array): void {
  const width = LEARNED_CATEGORIES.length;
  const scores = Array.from({ length: width }, (_none, at) =>
    features.reduce((sum, feature) => sum + (weights[feature * width + at] ?? 0), 0),
  );
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  for (const feature of features) {
    for (let at = 0; at < width; at += 1) {
      const index = feature * width + at;
      const weight = weights[index] ?? 0;
      const error = (powers[at] ?? 0) / total - (at === category ? 1 : 0);
      const slope = share * error + (feature === 0 ? 0 : DECAY * weight);
      squares[index] = (squares[index] ?? 0) + slope * slope;
      weights[index] = weight - (LEARNING_RATE * slope) / Math.sqrt(squares[index] ?? 1);
    }
  }
}

/** JSON has no -0. */
function withoutSign0(number: number): number {
  return number === 0 ? 0 : number;
}
