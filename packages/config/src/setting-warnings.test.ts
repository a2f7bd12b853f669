import { describe, expect, it } from '@jest/globals';
import { settingWarnings } from './setting-warnings.ts';

const warnings = (environment: NodeJS.ProcessEnv) => settingWarnings({ ENV_FILE: 'none', ...environment });

describe('settingWarnings', () => {
  it('names the setting that a misspelt name was meant to be', () => {
    expect(warnings({ SCAN_CONCURENCY: '4', scan_allow_no_sandbox: 'true' })).toEqual([
      'SCAN_CONCURENCY is not a setting and has no effect; did you mean SCAN_CONCURRENCY?',
      'scan_allow_no_sandbox is not a setting and has no effect; did you mean SCAN_ALLOW_NO_SANDBOX?',
    ]);
  });

  it('is silent about real settings and about names of other programs', () => {
    expect(
      warnings({ SCAN_CONCURRENCY: '4', PATH: '/bin', HOME: '/', LANG: 'C', SHELL: '/bin/sh', PWD: '/' }),
    ).toEqual([]);
  });
});
