import { z } from 'zod';

/** C0 controls, DEL and C1 controls. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;
/** The same without the line feed and the tab. */
const CONTROL_CHARACTERS_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

interface TextRule {
  /** Fewest characters after spaces around the text were taken away; 0 unless told. */
  readonly min?: number;
  /** Accept line breaks and tabs; CRLF becomes a line feed. */
  readonly multiline?: boolean;
}

/**
 * Text from a stranger that every part of the platform can hold: no NUL or other control characters, no lone
 * surrogates (PostgreSQL refuses them in JSON and replaces them silently elsewhere), in Unicode normal form C,
 * without spaces around it. Markup and formulas are left alone: whoever shows a text escapes it.
 *
 * @param max - most characters, counted as code points like PostgreSQL and JSON Schema do
 */
export function safeString(max: number, { min = 0, multiline = false }: TextRule = {}): z.ZodString {
  const forbidden = multiline ? CONTROL_CHARACTERS_BUT_LINES : CONTROL_CHARACTERS;
  return (
    z
      .string()
      // Keeps the work below bounded. No character has more than four parts apart, so this refuses no short text.
      .refine((text) => text.length <= 4 * max, { error: tooLong(max), abort: true })
      .overwrite((text) => (multiline ? text.replaceAll('\r\n', '\n') : text))
      .refine((text) => text.isWellFormed(), { error: 'contains half of a character', abort: true })
      .refine((text) => !forbidden.test(text), {
        error: multiline
          ? 'contains control characters other than line feeds and tabs'
          : 'contains line breaks or other control characters',
        abort: true,
      })
      .normalize('NFC')
      .trim()
      .refine((text) => characterCount(text) <= max, tooLong(max))
      .refine(
        (text) => characterCount(text) >= min,
        min <= 1 ? 'is empty' : `has fewer than ${min} characters`,
      )
      .meta(min === 0 ? { maxLength: max } : { minLength: min, maxLength: max })
  );
}

/** Number of code points. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

function tooLong(max: number): string {
  return `has more than ${max} characters`;
}

/** Name of something that people made, in one line. */
export const nameSchema = safeString(120, { min: 1 });

/** What something is for, in a few lines. */
export const descriptionSchema = safeString(2_000, { multiline: true });

/** A word to group sites by: lower-case letters, digits and `. _ : -`. */
export const labelSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:-]{0,62}$/,
    'write 1 to 63 lower-case letters, digits or . _ : -, and start with a letter or digit',
  );

/** Labels without repetition. */
export const labelsSchema = uniqueArray(labelSchema).max(50);

/** @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
export const semanticVersionSchema = z
  .string()
  .max(100)
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*))*)?(?:\+[0-9a-z-]+(?:\.[0-9a-z-]+)*)?$/i,
    'write a version such as 1.4.0',
  );

/** A SHA-256 hash, as lower-case hexadecimal digits. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'write 64 lower-case hexadecimal digits');

/** A list in which nothing comes twice. */
export function uniqueArray<T extends z.ZodType<string | number>>(item: T): z.ZodArray<T> {
  return z
    .array(item)
    .refine((items) => new Set(items).size === items.length, 'names something twice')
    .meta({ uniqueItems: true });
}

/** Refuses a change that changes nothing. */
export function changesSomething(change: Readonly<Record<string, unknown>>): boolean {
  return Object.values(change).some((value) => value !== undefined);
}
