import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { JudgedLine } from './judged-line.ts';
import { readEarlier, reanalyseLines } from './reanalyse-file.ts';
import { reanalysisSummary } from './reanalysis-summary.ts';

const knowledge = loadKnowledge();
const observation = sampleObservation([sampleCookie({ name: '_fbp' }), sampleCookie({ name: 'PHPSESSID' })]);

async function all(lines: AsyncGenerator<JudgedLine>): Promise<JudgedLine[]> {
  const found: JudgedLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('judging a crawl again', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reanalyse-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const input = (...texts: string[]): Readable => Readable.from([texts.join('\n')]);

  it('gives one line a scan, with findings and score', async () => {
    const lines = await all(reanalyseLines(input(JSON.stringify(observation), ''), knowledge, new Map()));
    expect(lines).toMatchObject([
      {
        requestedUrl: 'https://shop.example/',
        score: 90,
        findings: [{ ruleId: 'cookie-before-consent' }],
        categories: ['marketing', 'necessary'],
        knowledgeChanged: [],
      },
    ]);
  });

  it('tells what only our knowledge changed, by what it wrote before', async () => {
    const [line] = await all(reanalyseLines(input(JSON.stringify(observation)), knowledge, new Map()));
    const path = join(folder, 'findings.ndjson');
    writeFileSync(path, `${JSON.stringify({ ...line, categories: ['unclassified', 'necessary'] })}\n`);
    const [again] = await all(
      reanalyseLines(input(JSON.stringify(observation)), knowledge, await readEarlier(path)),
    );
    expect(again?.knowledgeChanged).toEqual([
      { name: '_fbp', domain: 'shop.example', before: 'unclassified', after: 'marketing' },
    ]);
    const summary = reanalysisSummary();
    if (again) summary.add(again);
    expect(summary.text()).toBe(
      'Judged 1 scan again: 1 finding.\nOur knowledge changed, not the sites: 1 cookie on 1 site\n  _fbp (shop.example): unclassified → marketing\n',
    );
  });

  it('names the line that is no observation, and overwrites no other file', async () => {
    await expect(
      all(reanalyseLines(input(JSON.stringify(observation), '{"a":1}'), knowledge, new Map())),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/^Line 2 /) });
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'mine\n');
    await expect(readEarlier(other)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
