import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';

const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
const folder = mkdtempSync(join(tmpdir(), 'config-signal-'));
const yamlFile = join(folder, 'config.yaml');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that prints what it is told about its settings, and looks at its files only when a signal says so. */
const PROGRAM = `
  import { openConfig } from ${here('load-config.ts')};
  import { loggingConfig } from ${here('sections/logging.config.ts')};
  const { config, watch } = openConfig({ logging: loggingConfig }, process.env);
  const say = (...words) => console.log(JSON.stringify(words));
  watch({ logger: { info: say, warn: say, error: say }, apply: { logging: ({ level }) => say('level', level) }, pollMs: 2 ** 31 - 1 });
  setInterval(() => undefined, 1000);
  say('level', config.logging.level);
`;

describe('SIGHUP', () => {
  it('has the settings read again, and does not end the process even when they are wrong', async () => {
    writeFileSync(yamlFile, 'monitoring: { logLevel: info }\n');
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', PROGRAM], {
      env: { CONFIG_FILE: yamlFile, ENV_FILE: 'none' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const reader = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const nextLine = async (): Promise<unknown> =>
      JSON.parse((await reader.next()).value as string) as unknown;
    expect(await nextLine()).toEqual(['level', 'info']);

    writeFileSync(yamlFile, 'monitoring: { logLevel: loud }\n');
    child.kill('SIGHUP');
    expect(await nextLine()).toEqual([
      'the changed settings are refused and the old ones stay',
      { problems: ['LOG_LEVEL must be error, warn, info or debug'] },
    ]);

    writeFileSync(yamlFile, 'monitoring: { logLevel: debug }\n');
    child.kill('SIGHUP');
    expect(await nextLine()).toEqual(['taking over changed settings', { names: ['LOG_LEVEL'] }]);
    expect(await nextLine()).toEqual(['level', 'debug']);

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });
});
