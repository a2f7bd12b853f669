import { RULES } from '@cookie-scanner/analysis';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sarifLog } from './sarif.ts';
import { verdictOf } from './verdict.test.fixture.ts';

/** What the standard demands of what we write, and what code hosts demand beyond it. */
const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          properties: z.strictObject({ knowledgeVersion: z.string() }),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              name: z.string().regex(/^[A-Z]\w*$/),
              shortDescription: z.strictObject({ text: z.string().min(1).max(1_024) }),
              fullDescription: z.strictObject({ text: z.string().min(1).max(1_024) }),
              help: z.strictObject({ text: z.string().min(1) }),
              defaultConfiguration: z.strictObject({ level: z.enum(['error', 'warning', 'note']) }),
              properties: z.strictObject({
                tags: z.array(z.string()),
                'security-severity': z.string().regex(/^(10|\d)\.\d$/),
              }),
            }),
          ),
        }),
      }),
      columnKind: z.literal('utf16CodeUnits'),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.literal(true),
          startTimeUtc: z.iso.datetime(),
          endTimeUtc: z.iso.datetime(),
        }),
      ]),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.number().int().min(0),
          level: z.enum(['error', 'warning', 'note']),
          message: z.strictObject({ text: z.string().min(1) }),
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.url() }),
                region: z.strictObject({ startLine: z.literal(1) }),
              }),
              logicalLocations: z
                .array(z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() }))
                .optional(),
            }),
          ]),
          partialFingerprints: z.record(z.string(), z.string()),
          properties: z.record(z.string(), z.unknown()),
          suppressions: z
            .array(
              z.strictObject({
                kind: z.literal('external'),
                status: z.literal('accepted'),
                justification: z.string(),
              }),
            )
            .optional(),
        }),
      ),
    }),
  ]),
});

describe('sarifLog', () => {
  const observation = sampleObservation([sampleCookie({ name: '_fbp' }), sampleCookie({ name: '' })]);
  const { items, knowledgeVersion } = verdictOf(observation);
  const times = { startedAt: '2026-11-22T09:00:00.000Z', finishedAt: '2026-11-22T09:00:09.000Z' };
  const log = (findings = items) =>
    sarifSchema.parse(
      JSON.parse(sarifLog(findings, { siteUrl: 'https://shop.example/', knowledgeVersion, ...times })),
    ).runs[0];

  it('is a log of the standard, with every rule and every finding', () => {
    const { tool, results } = log();
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['cookie-before-consent', 'error'],
      ['unknown-purpose', 'note'],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results[0]?.message.text).toMatch(
      /^Marketing cookie _fbp is set before consent\.\nSet by: shop\.example\nWhat to do: /,
    );
  });

  it('names the same matter the same in every scan, so that a code host tells new ones from old', () => {
    const [before, after] = [log(), log(items.map((finding) => ({ ...finding, title: 'Said otherwise' })))];
    expect(after.results.map((one) => one.partialFingerprints)).toEqual(
      before.results.map((one) => one.partialFingerprints),
    );
  });

  it('suppresses what people accepted, with their reason', () => {
    const accepted = items.map((finding) => ({
      ...finding,
      state: 'accepted' as const,
      stateReason: 'ours',
    }));
    expect(log(accepted).results[0]?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'ours' },
    ]);
    expect(log().results[0]).not.toHaveProperty('suppressions');
  });
});
