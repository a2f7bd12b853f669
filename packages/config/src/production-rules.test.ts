import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.ts';
import { scanConfig, scanTargetConfig } from './sections/scan.config.ts';

const production = { ENV_FILE: 'none', NODE_ENV: 'production', SCAN_VALUE_HASH_KEY: 'k'.repeat(32) };
const risky = {
  SCAN_ALLOW_PRIVATE_NETWORKS: 'true',
  SCAN_ALLOW_NO_SANDBOX: 'true',
  SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
  SCAN_HOST_RESOLVER_RULES: 'MAP * 127.0.0.1',
};

describe('production rules', () => {
  it('accept a production with a secret of its own and no risky setting', () => {
    expect(() => loadConfig({ scan: scanConfig }, production)).not.toThrow();
  });

  it.each(['', 'development-only', 'short'])('refuse the hash key "%s"', (key) => {
    expect(() => loadConfig({ scan: scanConfig }, { ...production, SCAN_VALUE_HASH_KEY: key })).toThrow(
      /SCAN_VALUE_HASH_KEY must be a secret of at least 32 characters/,
    );
  });

  it('refuse every risky setting, all in one list, beside other problems', () => {
    const environment = { ...production, ...risky, SCAN_VALUE_HASH_KEY: '', SCAN_CONCURRENCY: 'many' };
    let message = '';
    try {
      loadConfig({ scan: scanConfig }, environment);
    } catch (error) {
      message = String(error);
    }
    for (const name of [...Object.keys(risky), 'SCAN_VALUE_HASH_KEY', 'SCAN_CONCURRENCY']) {
      expect(message).toContain(`- ${name} `);
    }
  });

  it('accept risky settings that are named on purpose', () => {
    const environment = { ...production, ...risky, PRODUCTION_RISKS_ACCEPTED: Object.keys(risky).join(', ') };
    expect(loadConfig({ scan: scanConfig }, environment).scan.allowNoSandbox).toBe(true);
  });

  it('do not let the default hash key be accepted', () => {
    const environment = { ...production, PRODUCTION_RISKS_ACCEPTED: 'SCAN_VALUE_HASH_KEY' };
    expect(() => loadConfig({ scan: scanConfig }, environment)).toThrow(
      /PRODUCTION_RISKS_ACCEPTED may name only/,
    );
  });

  it('hold the gateway to its own part only, so that it needs no hash key', () => {
    const environment = { ENV_FILE: 'none', NODE_ENV: 'production' };
    expect(loadConfig({ target: scanTargetConfig }, environment).target).toEqual({
      allowPrivateNetworks: false,
    });
    expect(() =>
      loadConfig({ target: scanTargetConfig }, { ...environment, SCAN_ALLOW_PRIVATE_NETWORKS: 'yes' }),
    ).toThrow(/SCAN_ALLOW_PRIVATE_NETWORKS is refused in production/);
  });

  it('do not apply elsewhere', () => {
    expect(() => loadConfig({ scan: scanConfig }, { ENV_FILE: 'none', ...risky })).not.toThrow();
  });
});
