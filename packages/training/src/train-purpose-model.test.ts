import { describe, expect, it } from '@jest/globals';
import {
  KNOWLEDGE_VERSION,
  knowledgeEntries,
  knownVendors,
  loadPurposeModel,
} from '@cookie-scanner/knowledge';
import { confusionTable, grade } from './examination.ts';
import { fitWeights } from './fit-weights.ts';
import { knowledgeExamples } from './knowledge-examples.ts';
import type { PurposeExample } from './purpose-example.ts';
import { partsByGroup } from './split-by-group.ts';
import { answerOf, predictAll, trainPurposeModel } from './train-purpose-model.ts';

const examples = knowledgeExamples(knowledgeEntries(), knownVendors());

function sample(name: string, category: PurposeExample['category'], group: string): PurposeExample {
  return { facts: { name, party: 'first', lifetimeDays: 0, vendorKind: null }, category, group };
}

describe('the model that ships', () => {
  it('is made from the knowledge that ships, to the last digit', () => {
    const shipped = loadPurposeModel();
    const again = trainPurposeModel(examples, {
      knowledgeVersion: KNOWLEDGE_VERSION,
      seed: shipped.training.seed,
    });
    expect(shipped).toEqual(again);
  });

  it('is better than always saying the commonest category, on vendors it has not learned', () => {
    const [heldOut = [], ...rest] = partsByGroup(examples, 5, 7);
    const answers = predictAll(fitWeights(rest.flat(), 7), heldOut).map((prediction) =>
      answerOf(prediction, null),
    );
    const commonest = heldOut.map(({ category }) => ({ truth: category, said: 'marketing' as const }));
    expect(grade(answers).accuracy).toBeGreaterThan(grade(commonest).accuracy + 0.1);
    expect(grade(answers).macroF1).toBeGreaterThan(grade(commonest).macroF1 + 0.2);
  });
});

describe('examples', () => {
  it('leave out what our own entries correct', () => {
    const ga = examples.filter(({ facts }) => facts.name === '_ga');
    expect(ga.map(({ category }) => category)).toEqual(['analytics']);
  });

  it('are of one group where vendor or company are the same', () => {
    const groups = new Set(
      examples
        .filter(({ facts }) => ['_ga', '_gcl_au', 'IDE', 'YSC'].includes(facts.name))
        .map(({ group }) => group),
    );
    expect(groups.size).toBe(1);
  });
});

describe('parts', () => {
  it('hold every example once, and no group is in two of them', () => {
    const parts = partsByGroup(examples, 5, 1);
    expect(parts.flat()).toHaveLength(examples.length);
    const groups = parts.map((part) => new Set(part.map(({ group }) => group)));
    const total = groups.reduce((sum, { size }) => sum + size, 0);
    expect(new Set(examples.map(({ group }) => group)).size).toBe(total);
  });

  it('are the same for the same seed and others for another', () => {
    expect(partsByGroup(examples, 5, 1)).toEqual(partsByGroup(examples, 5, 1));
    expect(partsByGroup(examples, 5, 1)).not.toEqual(partsByGroup(examples, 5, 2));
  });
});

describe('grades', () => {
  const answers = [
    { truth: 'necessary', said: 'necessary' },
    { truth: 'necessary', said: 'marketing' },
    { truth: 'marketing', said: 'marketing' },
    { truth: 'analytics', said: null },
  ] as const;

  it('count what is right, and what was said at all', () => {
    expect(grade(answers)).toEqual({
      accuracy: 0.5,
      // necessary 2/3, functional 0, analytics 0, marketing 2/3
      macroF1: 1 / 3,
      answered: 0.75,
      accuracyOfAnswered: 2 / 3,
    });
  });

  it('say what was taken for what', () => {
    expect(confusionTable(answers)).toEqual([
      { truth: 'necessary', counts: [1, 0, 0, 1, 0] },
      { truth: 'functional', counts: [0, 0, 0, 0, 0] },
      { truth: 'analytics', counts: [0, 0, 0, 0, 1] },
      { truth: 'marketing', counts: [0, 0, 0, 1, 0] },
    ]);
  });

  it('are nothing for nothing', () => {
    expect(grade([])).toEqual({ accuracy: 0, macroF1: 0, answered: 0, accuracyOfAnswered: 0 });
  });
});

it('learns what vendors have in common and not what one does alone', () => {
  const few = ['a', 'b', 'c'].flatMap((vendor) => [
    sample(`${vendor}_session`, 'necessary', vendor),
    sample(`${vendor}_campaign`, 'marketing', vendor),
    sample('only_here', 'analytics', 'a'),
  ]);
  const { weights } = fitWeights(few, 1);
  expect(weights['word:session']?.[0]).toBeGreaterThan(weights['word:session']?.[3] ?? 0);
  expect(weights['word:only']).toBeUndefined();
});
