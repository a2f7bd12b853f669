import type { ConsentModeSignal } from '@cookie-scanner/contracts';

type Values = ConsentModeSignal['values'];

/** The two first letters of `gcs` are `G1`; then one digit each. */
const GCS_TYPES = ['ad_storage', 'analytics_storage'] as const;
/** Order of the letters of `gcd`. */
const GCD_TYPES = ['ad_storage', 'analytics_storage', 'ad_user_data', 'ad_personalization'] as const;
/** Granted by default, by an update, or by both; the other letters say denied, and `l` says nothing. */
const GCD_GRANTED = 'trnv';
const GCD_DENIED = 'pqmu';

/**
 * What a request of a Google tag says of consent, in its parameters `gcs` and `gcd`.
 *
 * @returns null when it says nothing
 * @see https://developers.google.com/tag-platform/security/guides/consent-debugging
 */
export function consentModeOfRequest(url: string): Values | null {
  if (!/[?&;]gc[sd]=/.test(url)) return null;
  const gcs = parameter(url, 'gcs');
  const gcd = parameter(url, 'gcd');
  const values: Values = { ...gcsValues(gcs ?? ''), ...gcdValues(gcd ?? '') };
  return Object.keys(values).length > 0 ? values : null;
}

/** Some tags put their parameters behind semicolons. */
function parameter(url: string, name: string): string | null {
  return new RegExp(`[?&;]${name}=([\\w-]*)`).exec(url)?.[1] ?? null;
}

function gcsValues(gcs: string): Values {
  const digits = /^G1([01-])([01-])/.exec(gcs)?.slice(1) ?? [];
  const values: Values = {};
  for (const [index, type] of GCS_TYPES.entries()) {
    if (digits[index] === '1') values[type] = 'granted';
    if (digits[index] === '0') values[type] = 'denied';
  }
  return values;
}

function gcdValues(gcd: string): Values {
  const letters = gcd.match(/[a-z]/g) ?? [];
  const values: Values = {};
  for (const [index, type] of GCD_TYPES.entries()) {
    const letter = letters[index] ?? 'l';
    if (GCD_GRANTED.includes(letter)) values[type] = 'granted';
    if (GCD_DENIED.includes(letter)) values[type] = 'denied';
  }
  return values;
}
