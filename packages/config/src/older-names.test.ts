import { describe, expect, it } from '@jest/globals';
import { openConfig } from './load-config.ts';
import { replaceOlderNames } from './older-names.ts';
import type { SettingProblem } from './raw-settings.ts';
import { authConfig } from './sections/auth.config.ts';
import { databaseConfig } from './sections/database.config.ts';
import { redisConfig } from './sections/redis.config.ts';
import { scanConfig } from './sections/scan.config.ts';

const open = <T extends Parameters<typeof openConfig>[0]>(sections: T, environment: NodeJS.ProcessEnv) =>
  openConfig(sections, { ENV_FILE: 'none', ...environment });

const goingAway = (name: string, successor: string) =>
  `${name} is an older setting that will go away; set ${successor} instead`;
const beaten = (name: string, successor: string) =>
  `${name} is an older setting and has no effect, because ${successor} is set too; remove ${name}`;

describe('older names', () => {
  it.each([
    [{ DB_HOST: 'db' }, 'postgresql://postgres@db:5432/cookie_scanner'],
    [{ DB_PORT: '6543' }, 'postgresql://postgres@127.0.0.1:6543/cookie_scanner'],
    [{ DB_NAME: 'a/b' }, 'postgresql://postgres@127.0.0.1:5432/a%2Fb'],
    [{ DB_HOST: '::1', DB_USER: 'me' }, 'postgresql://me@[::1]:5432/cookie_scanner'],
    [
      { DB_HOST: 'db', DB_PORT: '1', DB_NAME: 'n', DB_USER: 'u@x', DB_PASSWORD: 'p:/?#@ %' },
      'postgresql://u%40x:p%3A%2F%3F%23%40%20%25@db:1/n',
    ],
  ])('%j make up DATABASE_URL', (environment, url) => {
    const { config, warnings } = open({ database: databaseConfig }, environment);
    expect(config.database.url).toBe(url);
    expect([...warnings].sort()).toEqual(
      Object.keys(environment)
        .map((name) => goingAway(name, 'DATABASE_URL'))
        .sort(),
    );
  });

  it.each([
    [{ REDIS_HOST: 'r' }, 'redis://r:6379'],
    [{ REDIS_PORT: '7000' }, 'redis://127.0.0.1:7000'],
    [{ REDIS_HOST: 'r', REDIS_PORT: '7000' }, 'redis://r:7000'],
  ])('%j make up REDIS_URL', (environment, url) => {
    expect(open({ redis: redisConfig }, environment).config.redis.url).toBe(url);
  });

  it('are plainly renamed where they are the same setting', () => {
    const environment = { MAX_CONCURRENT_SCANS: '7', JWT_SECRET_KEY: 'signs' };
    const { config, warnings } = open({ scan: scanConfig, auth: authConfig }, environment);
    expect(config.scan.concurrency).toBe(7);
    expect(config.auth.jwtSecret).toBe('signs');
    expect(warnings).toEqual([
      goingAway('JWT_SECRET_KEY', 'JWT_SECRET'),
      goingAway('MAX_CONCURRENT_SCANS', 'SCAN_CONCURRENCY'),
    ]);
  });

  it('lose against the newer ones, with a warning', () => {
    const environment = {
      ...{ DATABASE_URL: 'postgresql://new/n', DB_HOST: 'old', DB_PORT: 'not even a port' },
      ...{ REDIS_URL: 'redis://new', REDIS_HOST: 'old' },
      ...{ SCAN_CONCURRENCY: '3', MAX_CONCURRENT_SCANS: '9' },
    };
    const sections = { database: databaseConfig, redis: redisConfig, scan: scanConfig };
    const { config, warnings } = open(sections, environment);
    expect(config).toMatchObject({
      database: { url: 'postgresql://new/n' },
      redis: { url: 'redis://new' },
      scan: { concurrency: 3 },
    });
    expect(warnings).toEqual([
      beaten('MAX_CONCURRENT_SCANS', 'SCAN_CONCURRENCY'),
      beaten('DB_HOST', 'DATABASE_URL'),
      beaten('DB_PORT', 'DATABASE_URL'),
      beaten('REDIS_HOST', 'REDIS_URL'),
    ]);
  });

  it('are told about by name when something is wrong with them, and never with a value', () => {
    const problems: SettingProblem[] = [];
    replaceOlderNames({ DB_HOST: 'sesame!', DB_PORT: '0', REDIS_HOST: 'a b', REDIS_PORT: '70000' }, problems);
    expect(problems).toEqual([
      { name: 'DB_HOST', message: 'must be a host name or an IP address' },
      { name: 'DB_PORT', message: 'must be a whole number from 1 to 65535' },
      { name: 'REDIS_HOST', message: 'must be a host name or an IP address' },
      { name: 'REDIS_PORT', message: 'must be a whole number from 1 to 65535' },
    ]);
  });

  it('leave everything else as it is', () => {
    const settings = { SCAN_LEASE_MS: '5', HOME: '/' };
    expect(replaceOlderNames(settings, [])).toEqual({ settings, warnings: [] });
  });
});
