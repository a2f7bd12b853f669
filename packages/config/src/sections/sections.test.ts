import { isAppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { configSections, knownNames } from '../all-sections.ts';
import { loadConfig, openConfig } from '../load-config.ts';
import { NEEDED, RULES } from './setting-rules.test.fixture.ts';

const load = (environment: Record<string, string>) =>
  loadConfig(configSections, { ...NEEDED, ...environment });

function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(configSections, environment);
  } catch (error) {
    if (isAppError(error) && error.code === 'CONFIG_INVALID') return error.message.split('\n- ').slice(1);
    throw error;
  }
  return [];
}

const rules = Object.entries(RULES);

/** The value at a path such as `cache.lifetimesSeconds.lock`. */
function at(config: unknown, path: string | null): unknown {
  if (path === null) return undefined;
  return path.split('.').reduce((value: unknown, key) => (value as Record<string, unknown>)[key], config);
}

describe('the rules of the settings', () => {
  it('are here for every setting', () => {
    expect(Object.keys(RULES).sort()).toEqual(knownNames().sort());
  });

  it.each(rules)('%s has its documented default', (_, { path, initial }) => {
    expect(at(load({}), path)).toEqual(initial);
  });

  it.each(rules.flatMap(([name, { path, good }]) => good.map(([text, value]) => [name, text, path, value])))(
    '%s takes %j',
    (name, text, path, value) => {
      expect(at(load({ [name as string]: text as string }), path as string | null)).toEqual(value);
    },
  );

  it.each(rules.flatMap(([name, { bad, message }]) => bad.map((text) => [name, text, message] as const)))(
    '%s refuses %j without showing it',
    (name, text, message) => {
      const mail = name === 'SMTP_URL' ? { MAIL_FROM: 'a@b.example', MAIL_TO: 'a@b.example' } : {};
      const problems = problemsOf({ ...NEEDED, ...mail, [name]: text });
      expect(problems).toEqual([`${name} ${message}`]);
    },
  );

  it('are told about all at once', () => {
    const broken = Object.fromEntries(
      rules.flatMap(([name, { bad }]) => bad.slice(-1).map((text) => [name, text])),
    );
    const problems = problemsOf({ ENV_FILE: 'none', ...broken });
    for (const [name, { bad, message }] of rules) {
      if (bad.length > 0) expect(problems).toContain(`${name} ${message}`);
    }
  });

  it('name what must be set and is not', () => {
    expect(problemsOf({ ENV_FILE: 'none' })).toEqual([
      'DATABASE_URL is not set',
      'REDIS_URL is not set',
      'ARTIFACTS_DIR is not set',
    ]);
  });
});

describe('settings that must agree', () => {
  const mail = { SMTP_URL: 'smtp://u:p@m:25', MAIL_FROM: 'a@b.example', MAIL_TO: 'c@d.example' };

  it.each([
    [{ NOTIFICATION_CHANNELS: 'email' }, ['SMTP_URL is needed because NOTIFICATION_CHANNELS names email']],
    [
      { SMTP_URL: mail.SMTP_URL },
      ['MAIL_FROM is needed when SMTP_URL is set', 'MAIL_TO is needed when SMTP_URL is set'],
    ],
    [
      { REFRESH_LIFETIME_SECONDS: '3600', REFRESH_IDLE_SECONDS: '3601' },
      ['REFRESH_IDLE_SECONDS must not be longer than REFRESH_LIFETIME_SECONDS'],
    ],
    [
      { REFRESH_LIFETIME_SECONDS: '60', REFRESH_IDLE_SECONDS: '60', JWT_LIFETIME_SECONDS: '61' },
      ['JWT_LIFETIME_SECONDS must not be longer than REFRESH_LIFETIME_SECONDS'],
    ],
    [
      { JWT_SECRET: 'k'.repeat(32), AUTH_ENCRYPTION_KEY: 'k'.repeat(32) },
      ['AUTH_ENCRYPTION_KEY must not be the same secret as JWT_SECRET'],
    ],
  ])('%j is refused', (environment, problems) => {
    expect(problemsOf({ ...NEEDED, ...environment })).toEqual(problems);
  });

  it('send mail when there is a mail server, unless the channels say otherwise', () => {
    expect(load(mail).notification.channels).toEqual(['in_app', 'email']);
    expect(load({ ...mail, NOTIFICATION_CHANNELS: 'in_app' }).notification.channels).toEqual(['in_app']);
    expect(load(mail).notification).toMatchObject({ smtpUrl: 'smtp://u:p@m:25', to: ['c@d.example'] });
  });

  it('make one Config of every ordered section', () => {
    const { config } = openConfig(configSections, NEEDED);
    expect(Object.keys(config).sort()).toEqual(
      'api artifacts audit auth cache classification database events faults monitoring notification queue redis retention scan worker'.split(
        ' ',
      ),
    );
  });
});
