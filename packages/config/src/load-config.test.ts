import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '@cookie-scanner/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.ts';
import { databaseConfig } from './sections/database.config.ts';
import { gatewayConfig } from './sections/gateway.config.ts';
import { healthConfig } from './sections/health.config.ts';
import { mailConfig } from './sections/mail.config.ts';
import { redisConfig } from './sections/redis.config.ts';
import { scanConfig } from './sections/scan.config.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-test-'));
const below = join(folder, 'services', 'gateway');
const yamlFile = join(folder, 'config.yaml');

beforeAll(() => {
  mkdirSync(below, { recursive: true });
  writeFileSync(join(folder, '.env'), 'GATEWAY_PORT=2\nGATEWAY_HOST=127.0.0.2\nSCAN_LEASE_MS=\n');
  writeFileSync(
    yamlFile,
    'GATEWAY_PORT: 1\nGATEWAY_HOST: 127.0.0.1\nSCAN_LEASE_MS: 5000\nMAIL_TO: [a@b.example, c@d.example]\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads without any `.env` of the machine that runs the test. */
function load<T extends Parameters<typeof loadConfig>[0]>(sections: T, environment: NodeJS.ProcessEnv) {
  return loadConfig(sections, { ENV_FILE: 'none', ...environment }, folder);
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isAppError(error) && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('loadConfig', () => {
  it('gives the documented defaults when nothing is set', () => {
    expect(load({ scan: scanConfig, gateway: gatewayConfig, health: healthConfig(8003) }, {})).toEqual({
      scan: {
        concurrency: 'auto',
        isolation: 'context',
        browserScansMax: 200,
        browserMemoryMaxBytes: 4_000_000_000,
        browserMemoryLimitBytes: 'auto',
        hostResolverRules: '',
        dnsServers: [],
        allowPrivateNetworks: false,
        ignoreCertificateErrors: false,
        browserExecutable: null,
        browserIdentity: 'visitor',
        allowNoSandbox: false,
        networkNamespace: 'auto',
        pageLifeMs: 30_000,
        storeCookieValues: false,
        valueHashKey: 'development-only',
        leaseMs: 60_000,
        attemptsMax: 3,
        sitePoliteness: { concurrencyMax: 2, gapMs: 1_000 },
      },
      gateway: { host: '127.0.0.1', port: 8001, publicUrl: null },
      health: { host: '127.0.0.1', port: 8003, hasMetrics: true },
    });
  });

  it('lets the environment win over .env, .env over YAML, YAML over the defaults', () => {
    const environment = { CONFIG_FILE: yamlFile, GATEWAY_PORT: '3' };
    const config = loadConfig({ gateway: gatewayConfig, scan: scanConfig }, environment, folder);
    expect(config.gateway.port).toBe(3);
    expect(config.gateway.host).toBe('127.0.0.2');
    expect(config.scan.leaseMs).toBe(5_000);
    expect(config.scan.attemptsMax).toBe(3);
  });

  it('finds .env above the current folder and leaves the environment as it was', () => {
    const environment = {};
    expect(loadConfig({ gateway: gatewayConfig }, environment, below).gateway.port).toBe(2);
    expect(environment).toEqual({});
  });

  it('does not look for .env above the folder of the checkout', () => {
    const checkout = join(folder, 'checkout');
    mkdirSync(checkout);
    writeFileSync(join(checkout, 'package-lock.json'), '{}');
    expect(loadConfig({ gateway: gatewayConfig }, {}, checkout).gateway.port).toBe(8001);
  });

  it('counts an empty value as not set', () => {
    expect(load({ gateway: gatewayConfig }, { GATEWAY_PORT: '', PUBLIC_URL: '  ' }).gateway).toEqual({
      host: '127.0.0.1',
      port: 8001,
      publicUrl: null,
    });
  });

  it('takes a list from YAML', () => {
    const config = load({ mail: mailConfig }, { CONFIG_FILE: yamlFile });
    expect(config.mail.to).toEqual(['a@b.example', 'c@d.example']);
  });

  it('reports every problem of every section and source at once, and never a value', () => {
    const badYaml = join(folder, 'bad.yaml');
    writeFileSync(badYaml, 'SCAN_SPEED: sesame\nREDIS_PREFIX: { sesame: 1 }\n');
    const message = messageOf(() =>
      load(
        {
          database: databaseConfig,
          redis: redisConfig,
          scan: scanConfig,
          mail: mailConfig,
          gateway: gatewayConfig,
        },
        {
          CONFIG_FILE: badYaml,
          REDIS_URL: 'http://sesame',
          DATABASE_POOL_MAX: 'sesame',
          SCAN_ALLOW_PRIVATE_NETWORKS: 'sesame',
          SCAN_HOST_RESOLVER_RULES: 'MAP sesame',
          SCAN_BROWSER_IDENTITY: 'sesame',
          SCAN_CONCURRENCY: '0',
          SMTP_URL: 'smtp://sesame:sesame@sesame',
          MAIL_FROM: 'sesame',
          GATEWAY_PORT: '65536',
          PUBLIC_URL: 'sesame.example',
        },
      ),
    );
    expect(message.split('\n').slice(1).sort()).toEqual([
      '- DATABASE_POOL_MAX must be a whole number from 1 to 1000',
      '- DATABASE_URL is not set',
      '- GATEWAY_PORT must be a whole number from 0 to 65535',
      '- MAIL_FROM must be one address such as Cookie Scanner <scanner@example.org>',
      '- MAIL_TO is needed when SMTP_URL is set',
      '- PUBLIC_URL must be a URL such as https://scanner.example.org',
      '- REDIS_PREFIX must be one value or a list of values in CONFIG_FILE',
      '- REDIS_URL must be a URL such as redis://user:password@host:6379',
      '- SCAN_ALLOW_PRIVATE_NETWORKS must be true or false',
      '- SCAN_BROWSER_IDENTITY must be visitor or declared',
      '- SCAN_CONCURRENCY must be a whole number from 1 to 64, or auto',
      '- SCAN_HOST_RESOLVER_RULES cannot be read; write "MAP pattern[:port] host[:port]" or "EXCLUDE pattern"',
      '- SCAN_SPEED is not a setting, but CONFIG_FILE has it',
    ]);
    expect(message).not.toContain('sesame@');
    expect(message).not.toContain('sesame\n');
  });

  it.each([
    ['no such file', join(folder, 'absent.yaml'), 'CONFIG_FILE names a file that cannot be read (ENOENT)'],
    ['a folder', folder, 'CONFIG_FILE names a file that cannot be read (EISDIR)'],
  ])('says so when CONFIG_FILE is %s', (_, path, expected) => {
    expect(messageOf(() => load({ gateway: gatewayConfig }, { CONFIG_FILE: path }))).toContain(expected);
  });

  it.each([
    ['not YAML', 'SMTP_URL: "sesame', 'is not valid YAML (line 1'],
    ['a list', '- sesame', 'must contain sections with settings'],
    ['full of aliases', 'a: &a [1]\nb: *a', 'is not valid YAML'],
  ])('does not quote a CONFIG_FILE that is %s', (_, text, expected) => {
    const path = join(folder, 'odd.yaml');
    writeFileSync(path, text);
    const message = messageOf(() => load({ gateway: gatewayConfig }, { CONFIG_FILE: path }));
    expect(message).toContain(expected);
    expect(message).not.toContain('sesame');
  });

  it('says so when ENV_FILE names no file', () => {
    const message = messageOf(() => load({ gateway: gatewayConfig }, { ENV_FILE: join(folder, 'absent') }));
    expect(message).toContain('ENV_FILE names a file that cannot be read (ENOENT)');
  });

  it.each(['true', 'TRUE', '1', 'yes', 'on'])('reads %s as true', (text) => {
    expect(load({ scan: scanConfig }, { SCAN_ALLOW_NO_SANDBOX: text }).scan.allowNoSandbox).toBe(true);
  });

  it.each(['1e3', '0x10', '-1', '1.5', '9'.repeat(400)])('does not take %s for a whole number', (text) => {
    expect(() => load({ scan: scanConfig }, { SCAN_CONCURRENCY: text })).toThrow(/SCAN_CONCURRENCY/);
  });
});
