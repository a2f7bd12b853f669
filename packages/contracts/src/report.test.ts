import { describe, expect, it } from '@jest/globals';
import { accepts, ID, OTHER_ID, problemsOf } from './problems-of.test.helper.ts';
import { reportCreateSchema, reportSubjectSchema, reportTypeSchema } from './report.ts';

const RANGE = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };

describe('a new report', () => {
  it('needs only its subject', () => {
    const subject = { type: 'scan', scanId: ID };
    expect(reportCreateSchema.parse({ subject })).toEqual({ subject, format: 'html', title: '' });
  });

  it.each(['<b>bold</b>', '{{7*7}}', 'a\u202eb', '=SUM(A1)', '🍪'])(
    'keeps its title literally: %s',
    (title) => {
      expect(reportCreateSchema.parse({ subject: { type: 'scan', scanId: ID }, title }).title).toBe(title);
    },
  );

  it.each([
    ['an unknown format', { format: 'exe' }, 'format'],
    ['a title of 10 KB', { title: 'x'.repeat(10_240) }, 'title'],
    ['a title of two lines', { title: 'a\nb' }, 'title'],
    ['a template', { template: '../../x' }, ''],
    ['an unknown type', { subject: { type: 'everything' } }, 'subject.type'],
    ['no scan', { subject: { type: 'scan' } }, 'subject.scanId'],
    ['fields of another type', { subject: { type: 'scan', scanId: ID, range: RANGE } }, 'subject'],
    [
      'a scan to compare with itself',
      { subject: { type: 'comparison', baseScanId: ID, scanId: ID } },
      'subject.scanId',
    ],
    [
      'a range without sites',
      { subject: { type: 'trends', domainIds: [], range: RANGE } },
      'subject.domainIds',
    ],
  ])('is refused with %s', (_what, change, path) => {
    const body = { subject: { type: 'scan', scanId: ID }, ...change };
    expect(problemsOf(reportCreateSchema, body)).toEqual([expect.stringMatching(`^${path}: `)]);
  });

  it.each([
    { type: 'scan', scanId: ID },
    { type: 'compliance', domainIds: [ID] },
    { type: 'trends', domainIds: [ID, OTHER_ID], range: RANGE },
    { type: 'comparison', baseScanId: ID, scanId: OTHER_ID },
  ])('may be about %j', (subject) => {
    expect(accepts(reportSubjectSchema, subject)).toBe(true);
  });

  it('has a kind of subject for every type', () => {
    const types = reportSubjectSchema.options.map((option) => option.shape.type.value);
    expect(types.sort()).toEqual([...reportTypeSchema.options].sort());
  });
});
