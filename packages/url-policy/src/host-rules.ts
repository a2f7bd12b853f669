import { AppError } from '@cookie-scanner/errors';

/** Where a rule sends a connection. `notFound` answers as if the name did not exist. */
export type MappedHost = { kind: 'mapped'; host: string; port: number } | { kind: 'notFound' };

/** Rules that replace name resolution, in the order they were written. */
export interface HostRules {
  /** The mapping for this name and port, or null when no rule applies and the name is resolved as always. */
  map(host: string, port: number): MappedHost | null;
  readonly isEmpty: boolean;
}

interface HostPattern {
  readonly host: RegExp;
  /** Null matches every port. */
  readonly port: number | null;
}

interface MapRule {
  readonly pattern: HostPattern;
  /** Null means the name does not exist; a null port keeps the one asked for. */
  readonly target: { host: string; port: number | null } | null;
}

/**
 * Parses the syntax of Chromium's `--host-resolver-rules`: `MAP pattern[:port] host[:port]`,
 * `MAP pattern ~NOTFOUND` and `EXCLUDE pattern`, separated by commas. The first rule that fits wins; an
 * exclusion wins over all.
 *
 * @throws AppError CONFIG_INVALID naming the rule that cannot be read
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/base/host_mapping_rules.h
 */
export function parseHostRules(text: string): HostRules {
  const maps: MapRule[] = [];
  const exclusions: HostPattern[] = [];

  for (const rule of text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [verb, pattern, replacement, ...rest] = rule.split(/\s+/);
    if (verb?.toUpperCase() === 'EXCLUDE' && pattern && replacement === undefined) {
      exclusions.push(parsePattern(pattern, rule));
    } else if (verb?.toUpperCase() === 'MAP' && pattern && replacement && rest.length === 0) {
      maps.push({ pattern: parsePattern(pattern, rule), target: parseTarget(replacement, rule) });
    } else {
      throw unreadable(rule);
    }
  }

  return {
    isEmpty: maps.length === 0,
    map(host, port) {
      if (exclusions.some((pattern) => matches(pattern, host, port))) return null;
      const rule = maps.find(({ pattern }) => matches(pattern, host, port));
      if (!rule) return null;
      if (!rule.target) return { kind: 'notFound' };
      return { kind: 'mapped', host: rule.target.host, port: rule.target.port ?? port };
    },
  };
}

function matches(pattern: HostPattern, host: string, port: number): boolean {
  return (pattern.port === null || pattern.port === port) && pattern.host.test(host);
}

function parsePattern(text: string, rule: string): HostPattern {
  const { host, port } = splitPort(text, rule);
  const source = host
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return { host: new RegExp(`^${source}$`, 'i'), port };
}

function parseTarget(text: string, rule: string): MapRule['target'] {
  return /^[~^]NOTFOUND$/i.test(text) ? null : splitPort(text, rule);
}

/** Splits `host`, `host:port`, `[v6]` and `[v6]:port`; brackets are dropped. */
function splitPort(text: string, rule: string): { host: string; port: number | null } {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  if (!host) throw unreadable(rule);
  const port = parts?.[3] === undefined ? null : Number(parts[3]);
  if (port !== null && (port < 1 || port > 65_535)) throw unreadable(rule);
  return { host, port };
}

function unreadable(rule: string): AppError {
  return new AppError(
    'CONFIG_INVALID',
    `SCAN_HOST_RESOLVER_RULES: cannot read "${rule}"; write "MAP pattern[:port] host[:port]" or "EXCLUDE pattern".`,
  );
}
