import { isAppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { configSections } from './all-sections.ts';
import { loadConfig } from './load-config.ts';
import { gatewayConfig } from './sections/gateway.config.ts';
import { scanConfig, scanTargetConfig } from './sections/scan.config.ts';

const SAFE = {
  ENV_FILE: 'none',
  DATABASE_URL: 'postgresql://u:correct-horse@db.example/n?sslmode=verify-full',
  REDIS_URL: 'rediss://:correct-horse@redis.example',
  RABBITMQ_URL: 'amqps://u:correct-horse@mq.example',
  PUBLIC_URL: 'https://scanner.example',
  ARTIFACTS_DIR: '/a',
  SCAN_VALUE_HASH_KEY: 'a'.repeat(32),
  JWT_SECRET: 'b'.repeat(32),
  AUTH_ENCRYPTION_KEY: 'c'.repeat(32),
};
const RISKY = {
  SCAN_ALLOW_PRIVATE_NETWORKS: 'true',
  SCAN_ALLOW_NO_SANDBOX: 'true',
  SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
  SCAN_HOST_RESOLVER_RULES: 'MAP * 127.0.0.1',
  WEBHOOK_ALLOW_HTTP: 'true',
};
const WITHOUT_TLS = {
  DATABASE_URL: 'postgresql://u:correct-horse@db.example/n',
  REDIS_URL: 'redis://:correct-horse@redis.example',
  RABBITMQ_URL: 'amqp://u:correct-horse@mq.example',
  PUBLIC_URL: 'http://scanner.example',
};

function problemsOf(
  environment: NodeJS.ProcessEnv,
  sections: Parameters<typeof loadConfig>[0] = configSections,
) {
  try {
    loadConfig(sections, environment);
  } catch (error) {
    if (isAppError(error) && error.code === 'CONFIG_INVALID') return error.message.split('\n- ').slice(1);
    throw error;
  }
  return [];
}

const secretIn = (environment: string, name: string) =>
  `${name} must be a secret of at least 32 characters in ${environment} (openssl rand -hex 32)`;
const riskIn = (environment: string, name: string) =>
  `${name} is refused in ${environment} unless PRODUCTION_RISKS_ACCEPTED names it`;
const tls = (name: string, need: string, risk: string) =>
  `${name} ${need} in production unless PRODUCTION_RISKS_ACCEPTED names ${risk}`;

const TLS_PROBLEMS = [
  tls('DATABASE_URL', 'needs ?sslmode=require, verify-ca or verify-full', 'DATABASE_WITHOUT_TLS'),
  tls('REDIS_URL', 'needs rediss:, or REDIS_TLS=true,', 'REDIS_WITHOUT_TLS'),
  tls('RABBITMQ_URL', 'needs amqps:', 'RABBITMQ_WITHOUT_TLS'),
  tls('PUBLIC_URL', 'needs https:', 'PUBLIC_URL_WITHOUT_TLS'),
];

describe.each(['staging', 'production'])('in %s', (environment) => {
  const settings = { ...SAFE, NODE_ENV: environment };

  it('own secrets, TLS and no risky setting are accepted', () => {
    expect(problemsOf(settings)).toEqual([]);
  });

  it.each(['SCAN_VALUE_HASH_KEY', 'JWT_SECRET', 'AUTH_ENCRYPTION_KEY'])('%s must be a secret', (name) => {
    for (const secret of ['', 'development-only', 'short']) {
      expect(problemsOf({ ...settings, [name]: secret })).toEqual([secretIn(environment, name)]);
    }
  });

  it('a previous secret is held to the same length', () => {
    const problems = problemsOf({ ...settings, JWT_SECRET_PREVIOUS: 'short' });
    expect(problems).toEqual([secretIn(environment, 'JWT_SECRET_PREVIOUS')]);
  });

  it.each([
    ['DATABASE_URL', 'postgresql://postgres:Postgres@127.0.0.1/n'],
    ['REDIS_URL', 'rediss://:foobared@r'],
    ['RABBITMQ_URL', 'amqps://guest:guest@m'],
    ['SMTP_URL', 'smtp://u:change%2Dme@m'],
  ])('%s must not have a password that everybody knows', (name, url) => {
    const mail = name === 'SMTP_URL' ? { MAIL_FROM: 'a@b.example', MAIL_TO: 'a@b.example' } : {};
    expect(problemsOf({ ...settings, ...mail, [name]: url })).toEqual([
      `${name} has a password that everybody knows, which is refused in ${environment}`,
    ]);
  });

  it('every risky setting is refused, unless it is accepted by name', () => {
    const names = Object.keys(RISKY);
    const refused = names.map((name) => riskIn(environment, name)).sort();
    expect(problemsOf({ ...settings, ...RISKY }).sort()).toEqual(refused);
    const accepted = { PRODUCTION_RISKS_ACCEPTED: names.join(', ') };
    expect(problemsOf({ ...settings, ...RISKY, ...accepted })).toEqual([]);
  });

  it('no secret can be accepted away', () => {
    const [problem] = problemsOf({ ...settings, PRODUCTION_RISKS_ACCEPTED: 'SCAN_VALUE_HASH_KEY' });
    expect(problem).toMatch(/^PRODUCTION_RISKS_ACCEPTED may name only/);
  });

  it('everything is told in one list, beside other problems', () => {
    const problems = problemsOf({
      ...settings,
      ...RISKY,
      JWT_SECRET: '',
      SCAN_CONCURRENCY: 'many',
      LOG_LEVEL: 'x',
    });
    for (const name of [...Object.keys(RISKY), 'JWT_SECRET', 'SCAN_CONCURRENCY', 'LOG_LEVEL']) {
      expect(problems.some((problem) => problem.startsWith(`${name} `))).toBe(true);
    }
  });

  it('the gateway is held to its own part only, so that it needs no hash key', () => {
    const own = { ENV_FILE: 'none', NODE_ENV: environment };
    expect(problemsOf(own, { target: scanTargetConfig })).toEqual([]);
    expect(problemsOf({ ...own, SCAN_ALLOW_PRIVATE_NETWORKS: 'yes' }, { target: scanTargetConfig })).toEqual([
      riskIn(environment, 'SCAN_ALLOW_PRIVATE_NETWORKS'),
    ]);
  });
});

describe('TLS', () => {
  it('is demanded in production, unless doing without is accepted by name', () => {
    const settings = { ...SAFE, ...WITHOUT_TLS, NODE_ENV: 'production' };
    expect(problemsOf(settings)).toEqual(expect.arrayContaining(TLS_PROBLEMS));
    expect(problemsOf(settings)).toHaveLength(TLS_PROBLEMS.length);
    const names = 'DATABASE_WITHOUT_TLS,REDIS_WITHOUT_TLS,RABBITMQ_WITHOUT_TLS,PUBLIC_URL_WITHOUT_TLS';
    expect(problemsOf({ ...settings, PRODUCTION_RISKS_ACCEPTED: names })).toEqual([]);
  });

  it('is not demanded in staging, nor where nothing leaves the machine', () => {
    expect(problemsOf({ ...SAFE, ...WITHOUT_TLS, NODE_ENV: 'staging' })).toEqual([]);
    const local = {
      DATABASE_URL: 'postgresql:///n?host=/var/run/postgresql',
      REDIS_URL: 'redis://127.0.0.1:6379',
      RABBITMQ_URL: 'amqp://[::1]',
      PUBLIC_URL: 'http://localhost:8001',
    };
    expect(problemsOf({ ...SAFE, ...local, NODE_ENV: 'production' })).toEqual([]);
  });

  it('may be asked of Redis by REDIS_TLS', () => {
    const settings = { ...SAFE, REDIS_URL: 'redis://redis.example', NODE_ENV: 'production' };
    expect(problemsOf({ ...settings, REDIS_TLS: 'true' })).toEqual([]);
  });

  it('is demanded of the part of the Api section too', () => {
    const environment = { ENV_FILE: 'none', NODE_ENV: 'production', PUBLIC_URL: WITHOUT_TLS.PUBLIC_URL };
    expect(problemsOf(environment, { gateway: gatewayConfig })).toEqual(TLS_PROBLEMS.slice(3));
  });
});

describe.each(['development', 'test'])('in %s', (environment) => {
  it('none of this is refused', () => {
    const settings = {
      ENV_FILE: 'none',
      NODE_ENV: environment,
      ...WITHOUT_TLS,
      ...RISKY,
      ARTIFACTS_DIR: '/a',
    };
    expect(problemsOf(settings)).toEqual([]);
    expect(problemsOf({ ENV_FILE: 'none', ...RISKY }, { scan: scanConfig })).toEqual([]);
  });
});
