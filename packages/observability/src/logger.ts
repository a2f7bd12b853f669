import { Writable } from 'node:stream';
import winston from 'winston';
import { redact } from './redact.ts';
import { scrubText } from './scrub-text.ts';

/** Facts of a log line: ids, counts, durations, and under `error` whatever was thrown. */
type LogFields = Readonly<Record<string, unknown>>;

/** Severity, most severe first. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Writes log lines. Secrets in fields are redacted, so that a caller need not know where they hide. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}

/** The logger of a process, from which all others come. */
export interface RootLogger extends Logger {
  /** From now on writes only what is at least this severe; its children too. */
  setLevel(level: LogLevel): void;
}

interface LoggerOptions {
  /** Name of the service, on every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go; standard output unless a test says otherwise. */
  readonly stream?: Writable;
}

/** Longest line that is written; longer ones lose their fields. */
const LINE_LENGTH_MAX = 65_536;

/** Names that belong to the line itself; a field of that name is kept under `field.<name>`. */
const OWN_KEYS: ReadonlySet<string> = new Set(['timestamp', 'level', 'service', 'message']);

/**
 * A logger that writes one JSON object a line: `timestamp` (UTC), `level`, `service`, `message`, then the fields,
 * redacted and of bounded size.
 */
export function createLogger({ service, level, stream = process.stdout }: LoggerOptions): RootLogger {
  ignoreBrokenPipe(stream);
  const base = winston.createLogger({
    level,
    format: winston.format.printf((info) => String(info.message)),
  });
  base.pipe(lineWriter(stream));
  const logger = withFields({}, (lineLevel, message, fields) => {
    if (!base.isLevelEnabled(lineLevel)) return;
    base.log(lineLevel, toLine(service, lineLevel, message, fields));
  });
  return {
    ...logger,
    setLevel: (next) => {
      base.level = next;
    },
  };
}

/** A logger that writes nothing, for tests. */
export const silentLogger: Logger = withFields({}, () => undefined);

function withFields(
  own: LogFields,
  write: (level: LogLevel, message: string, fields: LogFields) => void,
): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      write(level, message, { ...own, ...fields });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => withFields({ ...own, ...fields }, write),
  };
}

function toLine(service: string, level: LogLevel, message: string, fields: LogFields): string {
  const head = { timestamp: new Date().toISOString(), level, service, message: scrubText(message) };
  const rest = Object.entries(redact(fields) as LogFields).map(
    ([key, value]) => [OWN_KEYS.has(key) ? `field.${key}` : key, value] as const,
  );
  const line = JSON.stringify({ ...head, ...Object.fromEntries(rest) });
  if (line.length <= LINE_LENGTH_MAX) return line;
  return JSON.stringify({ ...head, truncated: `fields of ${line.length} characters were left out` });
}

/** Where winston hands its formatted lines; a plain stream takes the place of one of its transports. */
function lineWriter(stream: Writable): Writable {
  return new Writable({
    objectMode: true,
    write(info: { readonly message: string }, _encoding, next) {
      stream.write(`${info.message}\n`);
      next();
    },
  });
}

const guarded = new WeakSet<Writable>();

/** Whoever read our output may go away first (a closed terminal, a stopped parent); that must not end a service. */
function ignoreBrokenPipe(stream: Writable): void {
  if (guarded.has(stream)) return;
  guarded.add(stream);
  stream.on('error', () => undefined);
}
