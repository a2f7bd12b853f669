import type { z } from 'zod';

/** A value as the text that Redis keeps, and as whoever reads it back will see it. */
export interface JsonText<T> {
  readonly text: string;
  readonly sizeBytes: number;
  readonly value: T;
}

/**
 * Writes a value as JSON. NUL and lone surrogates survive, because JSON escapes them.
 *
 * @throws Error when the value would not be read back in the shape of `schema`, which is a bug of the caller
 */
export function toJsonText<TSchema extends z.ZodType>(
  schema: TSchema,
  input: z.input<TSchema>,
): JsonText<z.output<TSchema>> {
  const text = JSON.stringify(input) as string | undefined;
  if (text === undefined) throw new Error('the value has no JSON, so it cannot be kept in Redis');
  const parsed = fromJsonText(schema, text);
  if (!parsed.isReadable) throw new Error('the value does not have the shape that it is read back with');
  return { text, sizeBytes: Buffer.byteLength(text), value: parsed.value };
}

/** What reading a text came to. */
type Reading<T> = { readonly isReadable: true; readonly value: T } | { readonly isReadable: false };

/** Reads a value back; what is not JSON or has another shape counts as not written. */
export function fromJsonText<TSchema extends z.ZodType>(
  schema: TSchema,
  text: string,
): Reading<z.output<TSchema>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON, so not ours.
    return { isReadable: false };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { isReadable: true, value: parsed.data } : { isReadable: false };
}
