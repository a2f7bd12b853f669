import { describe, expect, it } from '@jest/globals';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { globSync, readFileSync } from 'node:fs';
import { classifyCookies, classifyStorage } from '../classification/classify-cookies.ts';
import { goldenCase, goldenObservation } from '../golden/golden-case.test.fixture.ts';
import { RULES } from '../rules/rules.ts';
import { judgeSite } from './judge-site.ts';
import { deductionsFor, POINTS, scoreAfter } from './score.ts';

const knowledge = loadKnowledge();
const vendorOf = knowledge.vendorOf.bind(knowledge);
const judged = (observation: SiteObservation) =>
  judgeSite(observation, {
    cookies: classifyCookies(observation, knowledge),
    storage: classifyStorage(observation, knowledge),
    vendorOf,
  });
const golden = globSync('*.golden.json', { cwd: new URL('../golden/', import.meta.url).pathname }).map(
  (file) => goldenObservation(goldenCase(file.replace('.golden.json', ''))),
);

describe('the score', () => {
  it.each(golden)('is 100 less every point that is explained (%#)', (observation) => {
    const { metrics } = judged(observation);
    const missing = metrics.deductions.reduce((sum, { points }) => sum + points, 0);
    expect(metrics.score).toBe(observation.status === 'blocked' ? null : 100 - missing);
    for (const { explanation } of metrics.deductions) expect(explanation).toMatch(/finding/);
  });

  it.each(golden)(
    'is the same for the same observation, in whatever order it was written down (%#)',
    (observation) => {
      const [cookies, storage] = [observation.cookies.toReversed(), observation.storage.toReversed()];
      expect(judged({ ...observation, cookies, storage })).toEqual(judged(observation));
    },
  );

  it('ends at 0, and what is left then is still explained', () => {
    const [finding] = judged(goldenObservation(goldenCase('no-banner-tracking'))).findings;
    if (!finding) throw new Error('the golden observation has no finding');
    const all = RULES.flatMap(({ id }) => Array.from({ length: 50 }, () => ({ ...finding, ruleId: id })));
    const deductions = deductionsFor(all, RULES);
    expect(scoreAfter(deductions)).toBe(0);
    expect(deductions.at(-1)?.explanation).toMatch(/none were left/);
  });

  it('is described in docs/SCORING.md as it is', () => {
    const text = readFileSync(new URL('../../../../docs/SCORING.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| (`?)([\w-]+)\1 \|(.*)\|$/gm)].map(([, , key, rest = '']) => [
      key,
      ...rest.split('|').map((cell) => cell.trim()),
    ]);
    const points = rows
      .filter(([key]) => key !== undefined && key in POINTS)
      .map(([key, worth]) => [key, Number(worth)]);
    expect(points).toEqual(Object.entries(POINTS));
    const rules = rows.filter(([key]) => RULES.some(({ id }) => id === key));
    expect(rules).toEqual(
      RULES.map(({ id, name, severity, pointsMax }) => [id, name, severity, String(pointsMax)]),
    );
  });
});

describe('the table of rules', () => {
  it('names each rule once', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it.each(RULES)('says of $id what it is, why, and where it comes from', (rule) => {
    for (const text of [rule.inOrder, rule.why]) expect(text).toMatch(/^[A-Z“].*\.$/s);
    expect(rule.name).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.legalSources.length).toBeGreaterThan(0);
  });
});
