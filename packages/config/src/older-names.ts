import type { RawSettings, SettingProblem } from './raw-settings.ts';

/** Settings that only have another name now. */
const RENAMED = { JWT_SECRET_KEY: 'JWT_SECRET', MAX_CONCURRENT_SCANS: 'SCAN_CONCURRENCY' } as const;

/** Settings that are parts of one address now. */
const DATABASE_PARTS = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'] as const;
const REDIS_PARTS = ['REDIS_HOST', 'REDIS_PORT'] as const;

const HOST = /^[A-Za-z0-9._-]{1,253}$|^[0-9A-Fa-f:.]{2,45}$/;

/** Every name that settings once had and that still works. */
export const OLDER_NAMES: readonly string[] = [...Object.keys(RENAMED), ...DATABASE_PARTS, ...REDIS_PARTS];

/**
 * Replaces older names of settings by what they are today. Where both are set, the newer one wins.
 *
 * @param problems - takes what is wrong with an older name
 * @returns settings under today's names, and one sentence for each older name, to be logged once
 */
export function replaceOlderNames(
  settings: RawSettings,
  problems: SettingProblem[],
): { settings: RawSettings; warnings: string[] } {
  const replaced = Object.fromEntries(
    Object.entries(settings).filter(([name]) => !OLDER_NAMES.includes(name)),
  );
  const warnings: string[] = [];

  const replace = (names: readonly string[], successor: string, value: () => string): void => {
    const used = names.filter((name) => settings[name] !== undefined);
    if (used.length === 0) return;
    const isBeaten = settings[successor] !== undefined;
    if (!isBeaten) replaced[successor] = value();
    warnings.push(...used.map((name) => warningOf(name, successor, isBeaten)));
  };

  for (const [name, successor] of Object.entries(RENAMED)) {
    replace([name], successor, () => settings[name] ?? '');
  }
  replace(DATABASE_PARTS, 'DATABASE_URL', () => databaseUrl(settings, problems));
  replace(REDIS_PARTS, 'REDIS_URL', () => redisUrl(settings, problems));
  return { settings: replaced, warnings };
}

function warningOf(name: string, successor: string, isBeaten: boolean): string {
  return isBeaten
    ? `${name} is an older setting and has no effect, because ${successor} is set too; remove ${name}`
    : `${name} is an older setting that will go away; set ${successor} instead`;
}

function databaseUrl(settings: RawSettings, problems: SettingProblem[]): string {
  const user = encodeURIComponent(settings['DB_USER'] ?? 'postgres');
  const password = settings['DB_PASSWORD'];
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  const place = address(settings, { host: 'DB_HOST', port: 'DB_PORT', defaultPort: 5432 }, problems);
  return `postgresql://${login}@${place}/${encodeURIComponent(settings['DB_NAME'] ?? 'cookie_scanner')}`;
}

function redisUrl(settings: RawSettings, problems: SettingProblem[]): string {
  const names = { host: 'REDIS_HOST', port: 'REDIS_PORT', defaultPort: 6379 };
  return `redis://${address(settings, names, problems)}`;
}

function address(
  settings: RawSettings,
  names: { readonly host: string; readonly port: string; readonly defaultPort: number },
  problems: SettingProblem[],
): string {
  const host = settings[names.host]?.trim() ?? '127.0.0.1';
  const port = settings[names.port]?.trim() ?? String(names.defaultPort);
  const isHost = HOST.test(host);
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (!isHost) problems.push({ name: names.host, message: 'must be a host name or an IP address' });
  if (!isPort) problems.push({ name: names.port, message: 'must be a whole number from 1 to 65535' });
  // A bad part is told under its own name; the address stays readable, so that it is not told a second time.
  const safeHost = !isHost ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${safeHost}:${isPort ? port : names.defaultPort}`;
}
