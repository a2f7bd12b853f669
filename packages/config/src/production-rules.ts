import { z } from 'zod';
import { commaList, documented } from './setting.ts';
import { isLoopbackUrl, isTlsUrl, passwordOf } from './server-url.ts';

/** What anybody can know is no secret; fine on a developer's machine only. */
export const DEVELOPMENT_SECRET = 'development-only';

const SECRET_LENGTH_MIN = 32;

/** Settings that open a hole on purpose. */
const RISKY_SETTINGS = [
  'SCAN_ALLOW_PRIVATE_NETWORKS',
  'SCAN_ALLOW_NO_SANDBOX',
  'SCAN_IGNORE_CERTIFICATE_ERRORS',
  'SCAN_HOST_RESOLVER_RULES',
  'WEBHOOK_ALLOW_HTTP',
  'CRASH_AT',
] as const;

/** Addresses that must be reached by TLS, with the name under which doing without is accepted. */
const TLS_SETTINGS = [
  ['DATABASE_URL', 'DATABASE_WITHOUT_TLS', 'needs ?sslmode=require, verify-ca or verify-full'],
  ['REDIS_URL', 'REDIS_WITHOUT_TLS', 'needs rediss:, or REDIS_TLS=true,'],
  ['RABBITMQ_URL', 'RABBITMQ_WITHOUT_TLS', 'needs amqps:'],
  ['PUBLIC_URL', 'PUBLIC_URL_WITHOUT_TLS', 'needs https:'],
] as const;

const SECRETS = ['SCAN_VALUE_HASH_KEY', 'JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'AUTH_ENCRYPTION_KEY'] as const;

/** Addresses that carry a password. */
const PASSWORD_URLS = ['DATABASE_URL', 'REDIS_URL', 'RABBITMQ_URL', 'SMTP_URL'] as const;

/** Passwords that servers, images and examples come with. */
const WELL_KNOWN_PASSWORDS: ReadonlySet<string> = new Set([
  ...['admin', 'changeme', 'change-me', 'cookie_scanner', 'development-only', 'foobared', 'guest'],
  ...['password', 'postgres', 'rabbitmq', 'redis', 'root', 'secret', 'test'],
]);

/** What `PRODUCTION_RISKS_ACCEPTED` may name. */
const RISKS = [...RISKY_SETTINGS, ...TLS_SETTINGS.map(([, risk]) => risk)] as const;

const ENVIRONMENTS = ['development', 'test', 'staging', 'production'] as const;

/** Settings by name, as a section parsed them; what a section does not have is left out. */
type JudgedSettings = Readonly<Record<string, unknown>>;

interface Problem {
  readonly name: string;
  readonly message: string;
}

/** The two settings that decide whether the production rules apply; part of every section they judge. */
export const productionSettings = {
  NODE_ENV: documented(
    z
      .enum(ENVIRONMENTS, { error: 'must be development, test, staging or production' })
      .default('development'),
    'What this installation is for: development, test, staging or production. Staging and production refuse default\n' +
      'secrets and risky settings at start; production also refuses connections to other machines without TLS.',
  ),
  PRODUCTION_RISKS_ACCEPTED: documented(
    z
      .string()
      .transform(commaList)
      .pipe(z.array(z.enum(RISKS, { error: `may name only ${RISKS.join(', ')}` })))
      .default([]),
    `Risks that staging and production are meant to take, separated by commas:\n` +
      `${RISKY_SETTINGS.slice(0, 3).join(', ')},\n${RISKY_SETTINGS.slice(3).join(', ')},\n${TLS_SETTINGS.map(([, risk]) => risk).join(', ')}.`,
    { example: 'SCAN_ALLOW_NO_SANDBOX' },
  ),
};

/** Checks a section against the production rules, also beside its other problems so that all are told at once. */
export function guarded<T extends z.ZodObject>(section: T): T {
  return section.superRefine(
    (settings, context) => {
      for (const { name, message } of productionProblems(settings)) {
        context.addIssue({ code: 'custom', path: [name], message });
      }
    },
    { when: () => true },
  );
}

/** Why these settings must not be used in staging or production, by setting; empty elsewhere. */
function productionProblems(settings: JudgedSettings): Problem[] {
  const environment = settings['NODE_ENV'];
  if (environment !== 'production' && environment !== 'staging') return [];
  const accepted: unknown = settings['PRODUCTION_RISKS_ACCEPTED'];
  const isAccepted = (risk: string): boolean => Array.isArray(accepted) && accepted.includes(risk);
  return [
    ...riskyProblems(settings, environment).filter(({ name }) => !isAccepted(name)),
    ...secretProblems(settings, environment),
    ...passwordProblems(settings, environment),
    ...(environment === 'production' ? tlsProblems(settings, isAccepted) : []),
  ];
}

function riskyProblems(settings: JudgedSettings, environment: string): Problem[] {
  return RISKY_SETTINGS.filter((name) => settings[name] === true || isText(settings[name])).map((name) => ({
    name,
    message: `is refused in ${environment} unless PRODUCTION_RISKS_ACCEPTED names it`,
  }));
}

function secretProblems(settings: JudgedSettings, environment: string): Problem[] {
  return SECRETS.filter((name) => {
    const secret = settings[name];
    return typeof secret === 'string' && (secret === DEVELOPMENT_SECRET || secret.length < SECRET_LENGTH_MIN);
  }).map((name) => ({
    name,
    message: `must be a secret of at least ${SECRET_LENGTH_MIN} characters in ${environment} (openssl rand -hex 32)`,
  }));
}

function passwordProblems(settings: JudgedSettings, environment: string): Problem[] {
  return PASSWORD_URLS.filter((name) => {
    const password = passwordOf(settings[name]);
    return password !== null && WELL_KNOWN_PASSWORDS.has(password.toLowerCase());
  }).map((name) => ({
    name,
    message: `has a password that everybody knows, which is refused in ${environment}`,
  }));
}

function tlsProblems(settings: JudgedSettings, isAccepted: (risk: string) => boolean): Problem[] {
  return TLS_SETTINGS.filter(([name, risk]) => {
    const url = settings[name];
    if (typeof url !== 'string' || isLoopbackUrl(url) || isTlsUrl(url)) return false;
    return !(name === 'REDIS_URL' && settings['REDIS_TLS'] === true) && !isAccepted(risk);
  }).map(([name, risk, need]) => ({
    name,
    message: `${need} in production unless PRODUCTION_RISKS_ACCEPTED names ${risk}`,
  }));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
