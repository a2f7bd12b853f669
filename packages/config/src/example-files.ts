import type { z } from 'zod';
import { knownSections, type KnownSetting } from './all-sections.ts';
import { noteOf } from './setting.ts';
import { SOURCE_SETTINGS } from './settings-source.ts';

const MADE_BY = '# Made from packages/config by: npm run env-example --workspace packages/config\n';

const ENV_INTRODUCTION = `# Every setting of the platform with its default. Copy this file to .env and remove the # before what you change.
# Order: environment, then .env, then the YAML file of CONFIG_FILE, then the defaults. An empty value is no value.
${MADE_BY}`;

const YAML_INTRODUCTION = `# Every setting of the platform with its default. Copy this file, name the copy in CONFIG_FILE, and remove the # before
# what you change. The environment and the .env file win over it. An empty value is no value. Settings may also stand
# at the top under the names they have in .env.example.
${MADE_BY}`;

/** The text of `.env.example`, made from the schemas so that the two cannot differ. */
export function envExample(): string {
  const sources = SOURCE_SETTINGS.map(({ name, comment, example }) => {
    return entry([comment, 'No default; for example:'], `${name}=${example}`, '');
  });
  const sections = knownSections().map(({ heading, settings }) => {
    return headed(
      heading,
      settings.map((setting) => envEntry(setting)),
    );
  });
  return [ENV_INTRODUCTION, headed('Where settings come from', sources), ...sections].join('');
}

/** The text of `config.example.yaml`. */
export function yamlExample(): string {
  const sections = knownSections().map(({ name, settings }) => {
    return `\n${name}:\n${settings.map((setting) => yamlEntry(setting)).join('\n')}`;
  });
  return YAML_INTRODUCTION + sections.join('');
}

function headed(heading: string, entries: readonly string[]): string {
  return `\n# ----- ${heading} -----\n\n${entries.join('\n')}`;
}

function envEntry({ name, schema }: KnownSetting): string {
  const { comments, text } = describe(name, schema);
  return entry(comments, `${name}=${text}`, '');
}

function yamlEntry({ name, yamlKey, schema }: KnownSetting): string {
  const { comments, text } = describe(name, schema);
  return entry(comments, `${yamlKey}: ${yamlScalar(text)}`, '  ');
}

function entry(comments: readonly string[], assignment: string, indent: string): string {
  const lines = comments.flatMap((comment) => comment.split('\n')).map((line) => `${indent}# ${line}\n`);
  return `${lines.join('')}${indent}#${assignment}\n`;
}

function describe(name: string, schema: z.core.$ZodType): { comments: string[]; text: string } {
  const note = noteOf(schema);
  if (!note) throw new Error(`${name} has no comment: declare it with documented()`);
  const comments = [note.comment];
  if (note.isUnread) comments.push('Checked, but nothing uses it yet.');
  else if (note.isLive) comments.push('Can be changed while the platform runs.');
  const text = note.example ?? defaultText(schema);
  if (text === null) throw new Error(`${name} has neither a default that can be written nor an example`);
  if (note.example !== undefined) comments.push('No default; for example:');
  return { comments, text };
}

function defaultText(schema: z.core.$ZodType): string | null {
  const { def } = schema._zod;
  if (def.type !== 'default') return null;
  const { defaultValue } = def as z.core.$ZodDefaultDef;
  const isWritable = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return isWritable ? String(defaultValue) : null;
}

/** Quoted where YAML would read a plain text as something else. */
function yamlScalar(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : JSON.stringify(text);
}
