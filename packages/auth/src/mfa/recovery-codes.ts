import { randomBytes } from 'node:crypto';

const CODE_COUNT = 10;
const CODE_LENGTH = 16;
/** Crockford's base 32: without letters that look like digits. @see https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** New recovery codes of 80 random bits, in the form that `recoveryCodeSchema` brings what people type into. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODE_COUNT }, () =>
    // 256 is a multiple of 32, so every character is as likely as any other.
    Array.from(randomBytes(CODE_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(''),
  );
}

/** A code as people read it best: in four groups. */
export function groupedRecoveryCode(code: string): string {
  return code.replace(/.{4}(?!$)/g, '$&-');
}
