import { z } from 'zod';

interface NoteOptions {
  /** Shown in the example files where there is no default. */
  readonly example?: string;
  /** True when a running service can take a new value; every other setting counts from the next start on. */
  readonly isLive?: boolean;
  /** True while no service reads it. It is validated all the same, so that it can be set ahead. */
  readonly isUnread?: boolean;
}

/** What is known of one setting beside its schema. */
interface SettingNote extends NoteOptions {
  /** One or more plain sentences: what it does, its unit, what it is without a value. */
  readonly comment: string;
}

const notes = z.registry<SettingNote>();

/** Attaches to a setting what the example files and the reload of settings must know about it. */
export function documented<T extends z.ZodType>(schema: T, comment: string, options: NoteOptions = {}): T {
  notes.add(schema, { comment, ...options });
  return schema;
}

/** What was attached to this setting by `documented`. */
export function noteOf(schema: z.core.$ZodType): SettingNote | undefined {
  return notes.get(schema);
}

/** A whole number within bounds, both included, written in decimal digits. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

/** What `schema` takes, or the word `auto` for a value that the service chooses itself. */
export function autoOr<T extends z.ZodType<unknown, string>>(schema: T) {
  return z.string().transform((text, context) => {
    if (text.trim() === 'auto') return 'auto' as const;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    context.addIssue(`${parsed.error.issues[0]?.message ?? 'cannot be read'}, or auto`);
    return z.NEVER;
  });
}

/** `true` or `false`; also 1/0, yes/no, on/off. */
export function yesOrNo() {
  return z.stringbool({ error: 'must be true or false' });
}

/** A TCP port; 0 takes any free one. */
export function port() {
  return wholeNumber(0, 65_535);
}

/** A name or address to listen on. */
export function listenHost() {
  return z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an IP address without brackets');
}

/** Splits a comma list, without its empty parts. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Origins such as `https://example.org`, separated by commas; none when left out. */
export function originList() {
  return z
    .string()
    .transform(commaList)
    .refine(
      (origins) =>
        origins.every(
          (origin) => /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin,
        ),
      'must be a comma list of origins such as https://example.org',
    )
    .default([]);
}
