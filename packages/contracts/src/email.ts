import { z } from 'zod';

const EMAIL_LENGTH_MAX = 254;
const LOCAL_PART_LENGTH_MAX = 64;
const RECIPIENTS_MAX = 50;
const MISFIT = 'is not a mail address such as name@example.com';

/** A dot-atom. Quoted local parts and those outside ASCII are refused: too many mail servers do so. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** At least two labels, the last one not a number. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * A mail address, in lower case, because people do not tell addresses apart by case. Of international domains the
 * ASCII form (`xn--…`) is meant.
 *
 * Nothing that fits here can end a header line, so it may stand in one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 and erratum 1690 for the lengths
 */
export const emailSchema = z
  .string()
  .max(EMAIL_LENGTH_MAX, { error: `has more than ${EMAIL_LENGTH_MAX} characters`, abort: true })
  // Before the change of case, because a few characters outside ASCII have their lower case inside it.
  .regex(/^[\x21-\x7e]*$/, { error: MISFIT, abort: true })
  .toLowerCase()
  .refine(isMailAddress, MISFIT)
  .meta({ format: 'email' });

/** Who a message goes to; nobody twice. */
export const recipientsSchema = z
  .array(emailSchema)
  .min(1)
  .max(RECIPIENTS_MAX)
  .refine((addresses) => new Set(addresses).size === addresses.length, 'names an address twice');

function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  return (
    localPart.length <= LOCAL_PART_LENGTH_MAX && LOCAL_PART.test(localPart) && DOMAIN.test(text.slice(at + 1))
  );
}
