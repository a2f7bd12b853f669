import { knownSettings, type KnownSetting } from './all-sections.ts';

const INTRODUCTION = `# Every setting of the platform with its default. Copy this file to .env and remove the # before what you change.
# Order: environment, then .env, then the YAML file of CONFIG_FILE, then the defaults. An empty value is no value.
# Made from packages/config by: npm run env-example --workspace packages/config
`;

/** The text of `.env.example`, made from the schemas so that the two cannot differ. */
export function envExample(): string {
  const parts = [...knownSettings()].map(
    ([heading, settings]) => `\n# ----- ${heading} -----\n${settings.map(entry).join('')}`,
  );
  return INTRODUCTION + parts.join('');
}

function entry({ name, comment, defaultText, example }: KnownSetting): string {
  const lines = comment.split('\n').map((line) => `# ${line}\n`);
  const remark = example === null ? '' : '# No default; for example:\n';
  return `\n${lines.join('')}${remark}#${name}=${defaultText ?? example ?? ''}\n`;
}
