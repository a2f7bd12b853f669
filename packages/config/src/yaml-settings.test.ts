import { describe, expect, it } from '@jest/globals';
import type { SettingProblem } from './raw-settings.ts';
import { readYamlSettings } from './yaml-settings.ts';

function read(text: string) {
  const problems: SettingProblem[] = [];
  const values = readYamlSettings(text, problems);
  return { values, problems: problems.map(({ name, message }) => `${name} ${message}`) };
}

describe('readYamlSettings', () => {
  it('finds settings below their sections and at the top by the names of the environment', () => {
    const text = `
      platform: { nodeEnv: staging }
      scan:
        leaseMs: 5000
        allowNoSandbox: true
      notification:
        mailTo: [a@b.example, c@d.example]
      monitoring: { logLevel: debug }
      api: { host: 127.0.0.2, port: 1, streamsMax: 3 }
      cache: { 'rateLimitSeconds': 30 }
      redis:
      DATABASE_POOL_MAX: 4
      MAX_CONCURRENT_SCANS: 9
    `;
    expect(read(text)).toEqual({
      values: {
        NODE_ENV: 'staging',
        SCAN_LEASE_MS: '5000',
        SCAN_ALLOW_NO_SANDBOX: 'true',
        MAIL_TO: 'a@b.example,c@d.example',
        LOG_LEVEL: 'debug',
        GATEWAY_HOST: '127.0.0.2',
        GATEWAY_PORT: '1',
        API_STREAMS_MAX: '3',
        CACHE_RATE_LIMIT_SECONDS: '30',
        DATABASE_POOL_MAX: '4',
        MAX_CONCURRENT_SCANS: '9',
      },
      problems: [],
    });
  });

  it.each([
    [
      'scan: { leaseMs: 1 }\nSCAN_LEASE_MS: 2',
      'SCAN_LEASE_MS stands in CONFIG_FILE twice, also as SCAN_LEASE_MS',
    ],
    [
      'SCAN_LEASE_MS: 2\nscan: { leaseMs: 1 }',
      'SCAN_LEASE_MS stands in CONFIG_FILE twice, also as scan.leaseMs',
    ],
    ['scan: { speed: sesame }', 'scan.speed is not a setting, but CONFIG_FILE has it'],
    ['scans: { leaseMs: 1 }', 'scans is not a setting, but CONFIG_FILE has it'],
    ['scan: sesame', 'scan must be a section with "key: value" lines in CONFIG_FILE'],
    ['scan: [sesame]', 'scan must be a section with "key: value" lines in CONFIG_FILE'],
    ['redis: { prefix: { sesame: 1 } }', 'REDIS_PREFIX must be one value or a list of values in CONFIG_FILE'],
    ['ENV_FILE: sesame', 'ENV_FILE is not a setting, but CONFIG_FILE has it'],
    ['- sesame', 'CONFIG_FILE must contain sections with settings'],
    ['scan: { leaseMs: "sesame }', 'CONFIG_FILE is not valid YAML (line 1, column 27)'],
    ['a: &a [1]\nb: *a', 'CONFIG_FILE is not valid YAML'],
    ['__proto__: { a: 1 }', '__proto__ is not a setting, but CONFIG_FILE has it'],
    ['scan: { constructor: 1 }', 'scan.constructor is not a setting, but CONFIG_FILE has it'],
  ])('refuses %j without quoting it', (text, problem) => {
    const { problems } = read(text);
    expect(problems).toEqual([problem]);
    expect(problems.join()).not.toContain('sesame');
  });

  it('takes an empty file for no settings', () => {
    expect(read('# nothing\n')).toEqual({ values: {}, problems: [] });
  });
});
