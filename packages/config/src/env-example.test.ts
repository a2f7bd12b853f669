import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from '@jest/globals';
import { knownNames } from './all-sections.ts';
import { envExample } from './env-example.ts';

const file = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

describe('.env.example', () => {
  it('is what the schemas say (npm run env-example --workspace packages/config)', () => {
    expect(file).toBe(envExample());
  });

  it('lists every setting once, and nothing else', () => {
    const listed = [...file.matchAll(/^#([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(knownNames().sort());
  });

  it('changes nothing when it is copied as it is', () => {
    expect(parse(file)).toEqual({});
  });
});
