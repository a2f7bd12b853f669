import { z } from 'zod';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { isMadeOfRuns, isRepetition } from './password-patterns.ts';
import { characterCount } from './text.ts';

/** Fewest and most characters of a password. @see NIST SP 800-63B-4, section 3.1.1.2, and OWASP ASVS 5.0, 6.2 */
export const PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;

/** Longest text that is normalised at all; a character has at most a few parts. */
const RAW_LENGTH_MAX = 1_024;
/** A common word with at most so many digits and signs around it is still common. */
const DECORATION_LENGTH_MAX = 6;
/** Shorter names occur in too many good passwords by chance. */
const CONTEXT_WORD_LENGTH_MIN = 4;

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;
const PRODUCT_NAMES = ['cookie-scanner', 'cookie scanner', 'cookiescanner'];

let common: ReadonlySet<string> | undefined;

/** Whose password it is to be, so that their own name cannot be it. */
export interface PasswordOwner {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Says why a password must not be chosen, in words that fit after "The password"; null for a good one. Length and a
 * list of common ones count, the mixture of characters does not.
 *
 * @param password - in normal form KC, as `enteredPasswordSchema` gives it
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function passwordProblem(password: string, owner: PasswordOwner = {}): string | null {
  const length = characterCount(password);
  if (length < PASSWORD_LENGTH_MIN) return `has fewer than ${PASSWORD_LENGTH_MIN} characters`;
  if (length > PASSWORD_LENGTH_MAX) return `has more than ${PASSWORD_LENGTH_MAX} characters`;

  const folded = password.toLowerCase();
  if (isRepetition(folded)) return 'repeats the same few characters';
  if (isMadeOfRuns(folded) || isMadeOfRuns(undecorated(folded)))
    return 'is a row of neighbouring keys, letters or digits';
  if (isCommon(folded)) return 'is one of the most common passwords';
  if (wordsOf(owner).some((word) => isLittleMoreThan(word, folded))) {
    return 'is made of your name, your mail address or the name of this product';
  }
  return null;
}

/**
 * A password as somebody types it to log in: only brought into the form that is hashed. It is not judged, so that
 * those chosen under older rules keep working.
 */
export const enteredPasswordSchema = z
  .string()
  .min(1, { error: 'is empty', abort: true })
  .max(RAW_LENGTH_MAX, { error: 'is too long', abort: true })
  .refine((text) => text.isWellFormed() && !CONTROL_CHARACTERS.test(text), {
    error: 'contains control characters or half of a character',
    abort: true,
  })
  .normalize('NFKC')
  .meta({ format: 'password' });

/** A password that somebody chooses, in normal form KC. Judge it against its owner too, by `passwordProblem`. */
export const newPasswordSchema = enteredPasswordSchema
  .superRefine((password, context) => {
    const problem = passwordProblem(password);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, continue: false });
  })
  .meta({ minLength: PASSWORD_LENGTH_MIN });

function isCommon(folded: string): boolean {
  common ??= new Set(COMMON_PASSWORDS.split(' '));
  return common.has(folded) || common.has(undecorated(folded));
}

/** The password without the few digits and signs that people put around a word. */
function undecorated(folded: string): string {
  const core = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return folded.length - core.length <= DECORATION_LENGTH_MAX ? core : folded;
}

function wordsOf({ email = '', name = '' }: PasswordOwner): string[] {
  const [localPart = '', domain = ''] = email.split('@');
  return [email, localPart, domain, ...domain.split('.'), name, ...name.split(/\s+/), ...PRODUCT_NAMES]
    .map((word) => word.normalize('NFKC').toLowerCase())
    .filter((word) => characterCount(word) >= CONTEXT_WORD_LENGTH_MIN);
}

/** True when the password without that word would be too short. */
function isLittleMoreThan(word: string, folded: string): boolean {
  return folded.includes(word) && characterCount(folded.replaceAll(word, '')) < PASSWORD_LENGTH_MIN;
}
