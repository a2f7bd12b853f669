import { parseArgs } from 'node:util';
import { KNOWLEDGE_VERSION, knowledgeEntries, knownVendors } from '@cookie-scanner/knowledge';
import {
  answerOf,
  confusionTable,
  grade,
  knowledgeExamples,
  LEARNED_CATEGORIES,
  partsByGroup,
  predictAll,
  trainPurposeModel,
  type Answer,
  type PurposeExample,
} from '@cookie-scanner/training';
import { textTable } from '../text-table.ts';

/** One of five parts is held out. */
const PARTS = 5;
const SEED_DEFAULT = 1;

/**
 * Trains the classifier on 80 % of what is known and examines it on the rest, beside two baselines. No vendor is on
 * both sides.
 *
 * @param args - `--seed n` decides who is held out
 */
export async function classifyBench(args: readonly string[], write: (line: string) => void): Promise<void> {
  const seed = seedOf(args);
  const examples = knowledgeExamples(knowledgeEntries(), knownVendors());
  const [heldOut = [], ...rest] = partsByGroup(examples, PARTS, seed);
  const learned = rest.flat();
  write(
    `knowledge ${KNOWLEDGE_VERSION}, seed ${seed}: ${learned.length} examples of ${groupCount(learned)} vendors learned, ` +
      `${heldOut.length} of ${groupCount(heldOut)} others examined`,
  );

  const model = trainPurposeModel(learned, { knowledgeVersion: KNOWLEDGE_VERSION, seed });
  const predictions = predictAll(model, heldOut);
  const sure = predictions.map((prediction) => answerOf(prediction, model.thresholds));
  const contestants: [string, Answer[]][] = [
    ['majority class', sayAlways(heldOut, majority(learned))],
    ['exact lookup', lookUp(heldOut, learned)],
    ['model', predictions.map((prediction) => answerOf(prediction, null))],
    ['model, only where it is sure', sure],
  ];
  write('');
  write(
    textTable([
      ['classifier', 'accuracy', 'macro F1', 'answered', 'right of those'],
      ...contestants.map(([name, answers]) => [name, ...gradeCells(answers)]),
    ]),
  );
  for (const [name, answers] of contestants.slice(2)) {
    write('');
    write(`${name}: what it took the cookies of each category (rows) for`);
    write(
      textTable([
        ['', ...LEARNED_CATEGORIES, 'nothing'],
        ...confusionTable(answers).map(({ truth, counts }) => [truth, ...counts]),
      ]),
    );
  }
}

function seedOf(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string' } } });
  if (values.seed === undefined) return SEED_DEFAULT;
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error('--seed must be a whole number of at most 9 digits');
  return Number(values.seed);
}

function groupCount(examples: readonly PurposeExample[]): number {
  return new Set(examples.map(({ group }) => group)).size;
}

function majority(examples: readonly PurposeExample[]): Answer['said'] {
  const counts = LEARNED_CATEGORIES.map((one) => examples.filter(({ category }) => category === one).length);
  return LEARNED_CATEGORIES[counts.indexOf(Math.max(...counts))] ?? null;
}

function sayAlways(examples: readonly PurposeExample[], said: Answer['said']): Answer[] {
  return examples.map(({ category }) => ({ truth: category, said }));
}

/** The category that the same name has most often among what was learned; the commonest of all where nobody has it. */
function lookUp(examples: readonly PurposeExample[], learned: readonly PurposeExample[]): Answer[] {
  const byName = Map.groupBy(learned, ({ facts }) => facts.name);
  const commonest = majority(learned);
  return examples.map(({ category, facts }) => {
    const same = byName.get(facts.name);
    return { truth: category, said: same ? majority(same) : commonest };
  });
}

function gradeCells(answers: readonly Answer[]): string[] {
  const { accuracy, macroF1, answered, accuracyOfAnswered } = grade(answers);
  return [accuracy, macroF1, answered, accuracyOfAnswered].map((share) => share.toFixed(3));
}
