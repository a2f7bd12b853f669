import { describe, expect, it } from '@jest/globals';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { globSync } from 'node:fs';
import { classifyCookies, classifyStorage } from '../classification/classify-cookies.ts';
import { judgeSite, type Judgement } from '../verdicts/judge-site.ts';
import { goldenCase, goldenObservation, type GoldenCase } from './golden-case.test.fixture.ts';

const knowledge = loadKnowledge();
const names = globSync('*.golden.json', { cwd: new URL('./', import.meta.url).pathname })
  .map((file) => file.replace('.golden.json', ''))
  .toSorted();

function judge(golden: GoldenCase): Judgement {
  const observation = goldenObservation(golden);
  const cookies = classifyCookies(observation, knowledge);
  const storage = classifyStorage(observation, knowledge);
  return judgeSite(observation, { cookies, storage, vendorOf: (host) => knowledge.vendorOf(host) });
}

describe('golden observations', () => {
  // The verdicts in the files were reviewed by people: one that changes is a changed promise, and is reviewed again.
  it.each(names)('%s', (name) => {
    const golden = goldenCase(name);
    const { findings, metrics } = judge(golden);
    expect({
      verdicts: findings.map(
        ({ severity, confidence, ruleId, title }) =>
          `${severity}, ${confidence} confidence: ${ruleId}: ${title}`,
      ),
      score: metrics.score,
      confidence: metrics.confidence,
    }).toEqual({ verdicts: golden.verdicts, score: golden.score, confidence: golden.confidence });
  });
});
