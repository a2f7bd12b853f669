const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/i;

const TLS_PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'rediss:', 'amqps:', 'smtps:']);

/** The modes in which PostgreSQL's clients insist on TLS. */
const TLS_MODES: ReadonlySet<string> = new Set(['require', 'verify-ca', 'verify-full']);

/** True when the server is reached without leaving this machine: by loopback or by a Unix socket. */
export function isLoopbackUrl(text: string): boolean {
  const url = parse(text);
  if (!url) return false;
  // PostgreSQL takes the host of the query for the real one, and a path there is a socket.
  const host = isPostgres(url) ? (url.searchParams.get('host') ?? url.hostname) : url.hostname;
  return host === '' || host.startsWith('/') || LOOPBACK_HOST.test(host);
}

/** True when this address insists on TLS. */
export function isTlsUrl(text: string): boolean {
  const url = parse(text);
  if (!url) return false;
  if (TLS_PROTOCOLS.has(url.protocol)) return true;
  if (!isPostgres(url)) return false;
  const mode = url.searchParams.get('sslmode');
  return mode === null ? url.searchParams.get('ssl') === 'true' : TLS_MODES.has(mode);
}

/** The password in an address; null when there is none. */
export function passwordOf(value: unknown): string | null {
  const password = typeof value === 'string' ? parse(value)?.password : undefined;
  if (password === undefined || password === '') return null;
  try {
    return decodeURIComponent(password);
  } catch {
    // Not in percent code, so meant as it stands.
    return password;
  }
}

function parse(text: string): URL | null {
  return URL.parse(text);
}

function isPostgres(url: URL): boolean {
  return url.protocol === 'postgresql:' || url.protocol === 'postgres:';
}
