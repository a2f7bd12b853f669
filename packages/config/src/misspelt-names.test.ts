import { describe, expect, it } from '@jest/globals';
import { misspeltNames } from './misspelt-names.ts';

describe('misspeltNames', () => {
  it('names the setting that a misspelt name was meant to be', () => {
    expect(misspeltNames({ SCAN_CONCURENCY: '4', scan_allow_no_sandbox: 'true', CONFIG_FLE: 'x' })).toEqual([
      'SCAN_CONCURENCY is not a setting and has no effect; did you mean SCAN_CONCURRENCY?',
      'scan_allow_no_sandbox is not a setting and has no effect; did you mean SCAN_ALLOW_NO_SANDBOX?',
      'CONFIG_FLE is not a setting and has no effect; did you mean CONFIG_FILE?',
    ]);
  });

  it('is silent about settings, about older names and about names of other programs', () => {
    const settings = { SCAN_CONCURRENCY: '4', CONFIG_FILE: 'x', REDIS_HOST: 'r', JWT_SECRET_KEY: 'k' };
    const others = { PATH: '/bin', HOME: '/', LANG: 'C', SHELL: '/bin/sh', PWD: '/', NODE_OPTIONS: '' };
    expect(misspeltNames({ ...settings, ...others })).toEqual([]);
  });
});
