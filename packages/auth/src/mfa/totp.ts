import { generateSecret, generateURI, verify } from 'otplib';

/** Seconds that the clock of a phone may be off: the code before and the one after are accepted too. */
const TOLERANCE_SECONDS = 30;
const ISSUER = 'Cookie Scanner';

/** What an authenticator app needs to make codes. */
export interface TotpEnrolment {
  /** In base 32, to be typed. */
  readonly secret: string;
  /** The same to be shown as a QR code. */
  readonly uri: string;
}

/** A new secret for the app of an account. */
export function newTotp(email: string): TotpEnrolment {
  const secret = generateSecret();
  return { secret, uri: generateURI({ issuer: ISSUER, label: email, secret }) };
}

/**
 * The time step that a code belongs to; null when it is wrong. Which steps were used before, the account says: no code
 * is accepted twice.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6238#section-5.2
 */
export async function totpStepOf(secret: string, code: string): Promise<number | null> {
  const result = await verify({ secret, token: code, epochTolerance: TOLERANCE_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
