import { z } from 'zod';

/** What `.env.example` says about one setting beside its default. */
interface SettingNote {
  /** One or more plain sentences: what it does, its unit, what it is without a value. */
  readonly comment: string;
  /** Shown in `.env.example` where there is no default. */
  readonly example?: string;
}

const notes = z.registry<SettingNote>();

/** Attaches to a setting what `.env.example` says about it. */
export function documented<T extends z.ZodType>(schema: T, comment: string, example?: string): T {
  notes.add(schema, example === undefined ? { comment } : { comment, example });
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
