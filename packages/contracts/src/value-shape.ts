import { z } from 'zod';

/**
 * What a value looks like:
 * - `empty`; `boolean` such as `1`, `true`, `off`; `number`, also with a fraction; `timestamp`, a date or Unix time
 * - `word`: language, switches and names a person can read, `en-US`, `dark`, `variant-2`, `v1.2.3`
 * - `uuid`, `hex`, `token`: signs that follow from nothing; `token` also where they stand beside words
 * - `json`; `list`: parts between `. | & : ; ,`; `text`: anything else
 */
export const valueKindSchema = z.enum([
  'empty',
  'boolean',
  'number',
  'timestamp',
  'word',
  'uuid',
  'hex',
  'token',
  'json',
  'list',
  'text',
]);
export type ValueKind = z.infer<typeof valueKindSchema>;

/** What remains of a value where the value itself is not kept: enough to tell an identifier from a switch. */
export const valueShapeSchema = z.object({
  kind: valueKindSchema,
  /** Characters. */
  length: z.number().int().min(0),
  /**
   * Estimate of what somebody would have to guess, in bits, from how often each character occurs; of `json`, `list`
   * and `text`, that of the parts that are neither words, switches nor times.
   */
  entropyBits: z.number().int().min(0),
});
export type ValueShape = z.infer<typeof valueShapeSchema>;

/** Enough to tell 32,768 visitors of a site from each other, were all values equally likely. */
const IDENTIFIER_BITS_MIN = 15;
/** Shorter numbers count or measure something. */
const IDENTIFYING_DIGITS_MIN = 9;

/**
 * Whether a value of this shape could tell one visitor from another. It says nothing of what the value is used for:
 * a token against forgery looks the same.
 */
export function couldBeIdentifier({ kind, length, entropyBits }: ValueShape): boolean {
  switch (kind) {
    case 'uuid':
      return true;
    case 'number':
      return length >= IDENTIFYING_DIGITS_MIN && entropyBits >= IDENTIFIER_BITS_MIN;
    case 'hex':
    case 'token':
    case 'json':
    case 'list':
    case 'text':
      return entropyBits >= IDENTIFIER_BITS_MIN;
    case 'empty':
    case 'boolean':
    case 'timestamp':
    case 'word':
      return false;
  }
}
