import { describe, expect, it } from '@jest/globals';
import { annotationCreateSchema } from './annotation.ts';
import { baselineApprovalCreateSchema, baselineCreateSchema } from './baseline.ts';
import { findingUpdateSchema } from './finding.ts';
import { mlModelCreateSchema } from './ml-model.ts';
import { pluginManifestSchema } from './plugin.ts';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';
import { memberCursorSchema, memberInviteSchema, workspaceCreateSchema } from './workspace.ts';

const HASH = 'a'.repeat(64);
const MODEL = {
  name: 'Cookie purposes',
  version: '1.0.0',
  kind: 'cookie_classifier',
  format: 'onnx',
  trainingDataSha256: HASH,
  sha256: HASH,
  sizeBytes: 1_000,
  quality: { accuracy: 0.9, macroF1: 0.8 },
};
const MANIFEST = {
  key: 'my-rules',
  name: 'My rules',
  version: '1.0.0',
  runtime: 'wasm',
  entry: 'dist/main.js',
  permissions: [],
};
const NOTE = { target: 'scan', targetId: ID, content: { kind: 'note', text: 'Looks fine' } };

it.each([
  ['a model', mlModelCreateSchema, MODEL],
  ['a plugin', pluginManifestSchema, MANIFEST],
  ['a note', annotationCreateSchema, NOTE],
  ['a gene', annotationCreateSchema, { ...NOTE, content: { kind: 'gene', reference: 'BRCA1' } }],
  ['a pathway', annotationCreateSchema, { ...NOTE, content: { kind: 'pathway', reference: 'R-HSA-109581' } }],
  [
    'a paper by its DOI',
    annotationCreateSchema,
    { ...NOTE, content: { kind: 'paper', reference: '10.1000/182' } },
  ],
  [
    'a paper by its PMID',
    annotationCreateSchema,
    { ...NOTE, content: { kind: 'paper', reference: 'PMID:123' } },
  ],
  ['a baseline', baselineCreateSchema, { scanId: ID, reason: 'Reviewed' }],
  [
    'an approval',
    baselineApprovalCreateSchema,
    { subject: '_ga|example.com', owner: 'Web team', reason: 'Wanted' },
  ],
  ['a decision on a finding', findingUpdateSchema, { state: 'acknowledged' }],
  ['a closing decision', findingUpdateSchema, { state: 'accepted', reason: 'Contract' }],
  ['a workspace', workspaceCreateSchema, { name: 'Team' }],
  ['an invitation', memberInviteSchema, { email: 'ann@example.com', role: 'Viewer' }],
  ['a cursor', memberCursorSchema, { view: '/scans', position: { x: 0.5, y: 1 } }],
])('%s is accepted', (_what, schema, input) => {
  expect(problemsOf(schema, input)).toEqual([]);
});

describe('what is refused', () => {
  it.each([
    ['a model that can carry code', mlModelCreateSchema, { ...MODEL, format: 'pickle' }],
    ['a model of 2 GB', mlModelCreateSchema, { ...MODEL, sizeBytes: 2 ** 31 }],
    ['a model without bytes', mlModelCreateSchema, { ...MODEL, sizeBytes: 0 }],
    ['a model with half a hash', mlModelCreateSchema, { ...MODEL, sha256: 'abc' }],
    ['a model better than perfect', mlModelCreateSchema, { ...MODEL, quality: { accuracy: 1.1 } }],
    [
      'a model of no measurable quality',
      mlModelCreateSchema,
      { ...MODEL, quality: { accuracy: Number.NaN } },
    ],
    ['a model that declares itself active', mlModelCreateSchema, { ...MODEL, state: 'active' }],
    ['a plugin beside its folder', pluginManifestSchema, { ...MANIFEST, entry: '../x.js' }],
    ['a plugin further up', pluginManifestSchema, { ...MANIFEST, entry: 'a/../../x.js' }],
    ['a plugin anywhere', pluginManifestSchema, { ...MANIFEST, entry: '/etc/passwd' }],
    ['a plugin with backslashes', pluginManifestSchema, { ...MANIFEST, entry: 'a\\..\\x.js' }],
    ['a hidden plugin', pluginManifestSchema, { ...MANIFEST, entry: '.git/x.js' }],
    ['a plugin with a NUL', pluginManifestSchema, { ...MANIFEST, entry: 'a\u0000.js' }],
    ['a plugin with a bad version', pluginManifestSchema, { ...MANIFEST, version: 'latest' }],
    ['a plugin with a bad key', pluginManifestSchema, { ...MANIFEST, key: '../x' }],
    ['a plugin with a permission too many', pluginManifestSchema, { ...MANIFEST, permissions: ['network'] }],
    ['a plugin with an install script', pluginManifestSchema, { ...MANIFEST, postinstall: 'sh x' }],
    ['an empty note', annotationCreateSchema, { ...NOTE, content: { kind: 'note', text: '' } }],
    [
      'a gene that is a sentence',
      annotationCreateSchema,
      { ...NOTE, content: { kind: 'gene', reference: 'the gene' } },
    ],
    [
      'a paper that is a link',
      annotationCreateSchema,
      { ...NOTE, content: { kind: 'paper', reference: 'https://x.test' } },
    ],
    ['an annotation on nothing', annotationCreateSchema, { ...NOTE, target: 'world' }],
    ['an annotation of somebody else', annotationCreateSchema, { ...NOTE, authorId: ID }],
    ['a baseline without a reason', baselineCreateSchema, { scanId: ID, reason: ' ' }],
    [
      'an approval that nobody answers for',
      baselineApprovalCreateSchema,
      { subject: 'x', owner: '', reason: 'y' },
    ],
    ['a finding closed without a reason', findingUpdateSchema, { state: 'false_positive' }],
    ['a new severity', findingUpdateSchema, { state: 'open', severity: 'info' }],
    ['an unknown role', memberInviteSchema, { email: 'ann@example.com', role: 'Owner' }],
    ['a pointer beside the view', memberCursorSchema, { view: '/scans', position: { x: 2, y: 0 } }],
    [
      'a pointer that is no number',
      memberCursorSchema,
      { view: '/scans', position: { x: Number.NaN, y: 0 } },
    ],
    ['the cursor of somebody else', memberCursorSchema, { view: '/scans', position: null, userId: ID }],
  ])('%s', (_what, schema, input) => {
    expect(accepts(schema, input)).toBe(false);
  });
});
