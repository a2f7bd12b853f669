import type { KnownCategory } from '@cookie-scanner/contracts';
import { LEARNED_CATEGORIES } from './purpose-example.ts';

/** One answer beside the truth; `said` is null where nothing was said. */
export interface Answer {
  readonly truth: KnownCategory;
  readonly said: KnownCategory | null;
}

/** How good answers are. */
export interface Grades {
  /** Share of all that is right. */
  readonly accuracy: number;
  /** Mean over the categories of the harmonic mean of precision and recall. */
  readonly macroF1: number;
  /** Share of all that something was said of. */
  readonly answered: number;
  /** Share of what was said that is right; 0 when nothing was. */
  readonly accuracyOfAnswered: number;
}

/** Grades answers. A category that neither occurs nor is said counts as 0 in the mean. */
export function grade(answers: readonly Answer[]): Grades {
  const right = answers.filter(({ truth, said }) => truth === said).length;
  const answered = answers.filter(({ said }) => said !== null).length;
  return {
    accuracy: share(right, answers.length),
    macroF1: mean(LEARNED_CATEGORIES.map((category) => f1(answers, category))),
    answered: share(answered, answers.length),
    accuracyOfAnswered: share(right, answered),
  };
}

/** How often what is `truth` was said to be `said`; rows and columns in the order of the categories, nothing said last. */
export function confusionTable(answers: readonly Answer[]): { truth: KnownCategory; counts: number[] }[] {
  return LEARNED_CATEGORIES.map((truth) => ({
    truth,
    counts: [...LEARNED_CATEGORIES, null].map(
      (said) => answers.filter((answer) => answer.truth === truth && answer.said === said).length,
    ),
  }));
}

function f1(answers: readonly Answer[], category: KnownCategory): number {
  const said = answers.filter((answer) => answer.said === category).length;
  const true_ = answers.filter(({ truth }) => truth === category).length;
  const both = answers.filter((answer) => answer.said === category && answer.truth === category).length;
  return share(2 * both, said + true_);
}

function mean(numbers: readonly number[]): number {
  return share(
    numbers.reduce((sum, number) => sum + number, 0),
    numbers.length,
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
