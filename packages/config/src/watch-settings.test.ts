import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openConfig } from './load-config.ts';
import { apiConfig } from './sections/api.config.ts';
import { cacheConfig } from './sections/cache.config.ts';
import { loggingConfig } from './sections/logging.config.ts';
import { notificationConfig } from './sections/notification.config.ts';
import type { ConfigWatch } from './watch-settings.ts';

const SECTIONS = {
  api: apiConfig,
  cache: cacheConfig,
  logging: loggingConfig,
  notification: notificationConfig,
};

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

let folder: string;
let yamlFile: string;
let lines: Line[];
let taken: unknown[];
let opened: ConfigWatch | undefined;
let onEvent: () => void;

const log =
  (level: string) =>
  (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    lines.push({ level, message, fields });
    onEvent();
  };

/** Watches with a service that can take over its log level, its lifetimes and the limits of its API. */
function watch(environment: NodeJS.ProcessEnv = {}): ConfigWatch {
  const { watch: begin } = openConfig(SECTIONS, { CONFIG_FILE: yamlFile, ...environment }, folder);
  const take = (value: unknown): void => {
    taken.push(value);
    onEvent();
  };
  opened = begin({
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    apply: {
      logging: take,
      api: ({ streamsMax }) => take({ streamsMax }),
      cache: ({ lifetimesSeconds }) => take({ lock: lifetimesSeconds.lock }),
    },
    pollMs: 20,
  });
  return opened;
}

const writeYaml = (text: string): void => writeFileSync(yamlFile, text);
const writeDotenv = (text: string): void => writeFileSync(join(folder, '.env'), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-watch-'));
  // Keeps the search for .env inside the folder.
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  yamlFile = join(folder, 'config.yaml');
  writeYaml('monitoring: { logLevel: info }\n');
  [lines, taken] = [[], []];
  onEvent = () => undefined;
});
afterEach(() => {
  opened?.close();
  rmSync(folder, { recursive: true });
});

describe('reload', () => {
  it('hands over live settings that changed, and only their sections', () => {
    const { reload } = watch();
    writeYaml('monitoring: { logLevel: debug }\ncache: { lockSeconds: 5 }\n');
    expect(reload()).toEqual({
      kind: 'accepted',
      applied: ['CACHE_LOCK_SECONDS', 'LOG_LEVEL'],
      restartNeeded: [],
    });
    expect(taken).toEqual([{ lock: 5 }, { level: 'debug' }]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'taking over changed settings',
        fields: { names: ['CACHE_LOCK_SECONDS', 'LOG_LEVEL'] },
      },
    ]);
  });

  it('goes back to the default when a setting is taken out', () => {
    writeYaml('api: { streamsMax: 7 }\n');
    const { reload } = watch();
    writeYaml('');
    reload();
    expect(taken).toEqual([{ streamsMax: 500 }]);
  });

  it('keeps the order of the sources: .env over YAML, the environment over both', () => {
    const { reload } = watch({ API_STREAMS_MAX: '1' });
    writeYaml('monitoring: { logLevel: error }\napi: { streamsMax: 9 }\n');
    writeDotenv('LOG_LEVEL=warn\n');
    expect(reload()).toMatchObject({ applied: ['LOG_LEVEL'] });
    expect(taken).toEqual([{ level: 'warn' }]);
  });

  it('says nothing when nothing means anything else', () => {
    const { reload } = watch();
    writeYaml('# a remark\nLOG_LEVEL: info\nmonitoring: {}\nnotification: { webhookAllowHttp: no }\n');
    expect(reload()).toEqual({ kind: 'unchanged' });
    expect({ lines, taken }).toEqual({ lines: [], taken: [] });
  });

  it.each([
    ['a bad value', 'monitoring: { logLevel: sesame }', 'LOG_LEVEL must be error, warn, info or debug'],
    [
      'an unknown key',
      'monitoring: { sesame: 1 }',
      'monitoring.sesame is not a setting, but CONFIG_FILE has it',
    ],
    ['half a file', 'monitoring: { logLevel: "sesame', 'CONFIG_FILE is not valid YAML (line 2, column 1)'],
    [
      'a contradiction',
      'notification: { channels: email }',
      'SMTP_URL is needed because NOTIFICATION_CHANNELS names email',
    ],
  ])('is refused as a whole for %s, with one line that has no value in it', (_, text, problem) => {
    const { reload } = watch();
    writeYaml(`${text}\n`);
    writeDotenv('API_STREAMS_MAX=3\n');
    expect(reload()).toEqual({ kind: 'refused', problems: [problem] });
    expect(taken).toEqual([]);
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'the changed settings are refused and the old ones stay',
        fields: { problems: [problem] },
      },
    ]);
  });

  it('works again once the file is right', () => {
    const { reload } = watch();
    writeYaml('monitoring: { logLevel: loud }\n');
    reload();
    writeYaml('monitoring: { logLevel: error }\n');
    expect(reload()).toMatchObject({ kind: 'accepted', applied: ['LOG_LEVEL'] });
    expect(taken).toEqual([{ level: 'error' }]);
  });

  it('is refused when the file is gone, and the old settings stay', () => {
    const { reload } = watch();
    rmSync(yamlFile);
    const problems = ['CONFIG_FILE names a file that cannot be read (ENOENT)'];
    expect(reload()).toEqual({ kind: 'refused', problems });
    expect(taken).toEqual([]);
  });

  it('names settings that need a restart, once, and takes the others over', () => {
    const { reload } = watch();
    writeYaml('monitoring: { logLevel: warn }\napi: { port: 9, host: 127.0.0.9 }\n');
    const restartNeeded = ['GATEWAY_HOST', 'GATEWAY_PORT'];
    expect(reload()).toEqual({ kind: 'accepted', applied: ['LOG_LEVEL'], restartNeeded });
    expect(reload()).toEqual({ kind: 'accepted', applied: [], restartNeeded });
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'changed settings that count from the next start on',
        fields: { names: restartNeeded },
      },
    ]);
  });

  it('hands over sections as they are in force: with the old values of what needs a restart', () => {
    const { config, watch: begin } = openConfig({ api: apiConfig }, { CONFIG_FILE: yamlFile }, folder);
    const seen: (typeof config.api)[] = [];
    opened = begin({
      logger: { info: log('info'), warn: log('warn'), error: log('error') },
      apply: { api: (api) => void seen.push(api) },
    });
    writeYaml('api: { port: 9, streamsMax: 4 }\n');
    opened.reload();
    expect(seen).toEqual([{ ...config.api, streamsMax: 4 }]);
  });

  it('says that a live setting needs a restart where the service has no way to take it over', () => {
    const { watch: begin } = openConfig({ logging: loggingConfig }, { CONFIG_FILE: yamlFile }, folder);
    opened = begin({ logger: { info: log('info'), warn: log('warn'), error: log('error') }, apply: {} });
    writeYaml('monitoring: { logLevel: warn }\n');
    expect(opened.reload()).toEqual({ kind: 'accepted', applied: [], restartNeeded: ['LOG_LEVEL'] });
  });

  it('logs an older or misspelt name when it appears, and never twice', () => {
    writeDotenv('REDIS_HOST=r\n');
    const { reload } = watch();
    reload();
    writeDotenv('REDIS_HOST=r\nMAX_CONCURRENT_SCANS=3\nLOG_LEVL=debug\n');
    reload();
    reload();
    expect(lines.map(({ message }) => message)).toEqual([
      'LOG_LEVL is not a setting and has no effect; did you mean LOG_LEVEL?',
      'MAX_CONCURRENT_SCANS is an older setting that will go away; set SCAN_CONCURRENCY instead',
    ]);
  });
});

describe('the watch of the files', () => {
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      onEvent = () => {
        if (isReached()) resolve();
      };
      onEvent();
    });
  const untilTaken = (count: number): Promise<void> => until(() => taken.length >= count);

  it('sees a file that is written, one that is replaced, and a .env that is made later', async () => {
    watch();
    writeYaml('monitoring: { logLevel: debug }\n');
    await untilTaken(1);

    const next = join(folder, 'next.yaml');
    writeFileSync(next, 'monitoring: { logLevel: error }\n');
    renameSync(next, yamlFile);
    await untilTaken(2);

    writeDotenv('LOG_LEVEL=warn\n');
    await untilTaken(3);
    expect(taken).toEqual([{ level: 'debug' }, { level: 'error' }, { level: 'warn' }]);
  });

  it('outlives a file that cannot even be looked at', async () => {
    watch();
    rmSync(yamlFile);
    symlinkSync(yamlFile, yamlFile);
    await until(() => lines.length > 0);
    expect(lines[0]?.fields).toEqual({ problems: ['CONFIG_FILE names a file that cannot be read (ELOOP)'] });

    rmSync(yamlFile);
    writeYaml('monitoring: { logLevel: debug }\n');
    await untilTaken(1);
  });

  it('follows CONFIG_FILE when .env names another one', async () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, 'monitoring: { logLevel: warn }\n');
    writeDotenv(`CONFIG_FILE=${yamlFile}\n`);
    watch({ CONFIG_FILE: '' });
    writeDotenv(`CONFIG_FILE=${other}\n`);
    await untilTaken(1);
    writeFileSync(other, 'monitoring: { logLevel: error }\n');
    await untilTaken(2);
    expect(taken).toEqual([{ level: 'warn' }, { level: 'error' }]);
  });
});
