import { z } from 'zod';

/** A code of an authenticator app: six ASCII digits; people may type a space in the middle. */
export const totpCodeSchema = z
  .string()
  .max(16, { error: 'is not a code of six digits', abort: true })
  .overwrite((code) => code.replaceAll(' ', ''))
  .regex(/^[0-9]{6}$/, 'is not a code of six digits');

/**
 * A recovery code: sixteen characters of Crockford's base 32 (80 random bits), however they are grouped and typed.
 * It comes out in capitals, without spaces and hyphens, with O read as 0 and I and L as 1.
 *
 * @see https://www.crockford.com/base32.html
 */
export const recoveryCodeSchema = z
  .string()
  .max(64, { error: 'is not a recovery code', abort: true })
  .overwrite((code) =>
    code.replaceAll(/[\s-]/g, '').replaceAll(/o/gi, '0').replaceAll(/[il]/gi, '1').toUpperCase(),
  )
  .regex(/^[0-9A-HJKMNP-TV-Z]{16}$/, 'is not a recovery code');
