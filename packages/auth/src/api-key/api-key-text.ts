import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { apiKeyTextSchema } from '@cookie-scanner/contracts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PRODUCT = 'cks_live';
const NAME_LENGTH = 8;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SOURCE_BYTES = 64;

/** A new key: `cks_live_<name>_<secret>_<checksum>`, with 190 random bits in its secret. */
export function newApiKeyText(): string {
  return apiKeyTextOf(randomBytes(SOURCE_BYTES));
}

/** The key that these 64 bytes make: half of their bits, so that no letter comes noticeably more often than another. */
export function apiKeyTextOf(bytes: Buffer): string {
  const letters = lettersOf(bytes, NAME_LENGTH + SECRET_LENGTH);
  const body = `${PRODUCT}_${letters.slice(0, NAME_LENGTH)}_${letters.slice(NAME_LENGTH)}`;
  return `${body}_${checksum(body)}`;
}

/** The part of a key that names it; null when the text is no key or has a typing error, which no database is asked about. */
export function apiKeyPrefixOf(text: string): string | null {
  if (!apiKeyTextSchema.safeParse(text).success) return null;
  const body = text.slice(0, -(CHECKSUM_LENGTH + 1));
  if (checksum(body) !== text.slice(-CHECKSUM_LENGTH)) return null;
  return text.slice(0, PRODUCT.length + 1 + NAME_LENGTH);
}

function lettersOf(bytes: Buffer, length: number): string {
  const base = BigInt(ALPHABET.length);
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let letters = '';
  while (letters.length < length) {
    letters += ALPHABET.charAt(Number(rest % base));
    rest /= base;
  }
  return letters;
}

/** CRC-32 in base 62: it finds typing errors and truncation, and proves nothing. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
