import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterAll, describe, expect, it } from '@jest/globals';
import { knownNames, knownSections } from './all-sections.ts';
import { envExample, yamlExample } from './example-files.ts';
import { readSettings, SOURCE_SETTINGS } from './settings-source.ts';
import { readYamlSettings } from './yaml-settings.ts';
import type { SettingProblem } from './raw-settings.ts';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'config-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('.env.example', () => {
  const file = read('.env.example');

  it('is what the schemas say (npm run env-example --workspace packages/config)', () => {
    expect(file).toBe(envExample());
  });

  it('lists every setting once, and nothing else', () => {
    const listed = [...file.matchAll(/^#([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...SOURCE_SETTINGS.map(({ name }) => name), ...knownNames()].sort());
  });

  it('changes nothing when it is copied as it is', () => {
    expect(parse(file)).toEqual({});
  });
});

describe('config.example.yaml', () => {
  const file = read('config.example.yaml');

  it('is what the schemas say (npm run env-example --workspace packages/config)', () => {
    expect(file).toBe(yamlExample());
  });

  it('changes nothing when it is copied as it is', () => {
    const copy = join(folder, 'config.yaml');
    writeFileSync(copy, file);
    const { settings, problems } = readSettings({ ENV_FILE: 'none', CONFIG_FILE: copy }, folder);
    expect({ settings, problems }).toEqual({
      settings: { ENV_FILE: 'none', CONFIG_FILE: copy },
      problems: [],
    });
  });

  it('says the same as .env.example once every line of both is taken in', () => {
    const problems: SettingProblem[] = [];
    const fromYaml = readYamlSettings(file.replace(/^( +)#(\w+: )/gm, '$1$2'), problems);
    const everyLine = Object.entries(parse(read('.env.example').replace(/^#([A-Z_]+=)/gm, '$1')));
    const fromEnv = everyLine.filter(([name]) => knownNames().includes(name));
    expect(problems).toEqual([]);
    expect(fromYaml).toEqual(Object.fromEntries(fromEnv));
  });

  it('has no two settings under one key of a section', () => {
    for (const { settings } of knownSections()) {
      expect(new Set(settings.map(({ yamlKey }) => yamlKey)).size).toBe(settings.length);
    }
  });
});
