import { AppError } from '@cookie-scanner/errors';
import { rateLimiter, type RedisOwner } from '@cookie-scanner/redis';

const WINDOW_MS = 15 * 60_000;
/** Wrong and right tries. A person who mistypes gets through; a program gets nowhere. */
const TRIES = { perAddress: 100, perAccount: 40, perAccountAndAddress: 10 };

/** Mails asked for and links tried from one address. */
const RESETS_PER_ADDRESS = 20;

/** After so many wrong passwords in a row the account itself is held back, wherever they come from. */
const PATIENT_FAILURES = 40;
const DELAY_SECONDS_MAX = 900;

/** Slows down whoever guesses passwords or codes. Nobody is locked out for ever. */
export interface SignInLimits {
  /**
   * Counts a try. Known and unknown accounts are treated alike.
   *
   * @throws AppError TOO_MANY_ATTEMPTS with the seconds to wait
   */
  take(account: string, address: string | null): Promise<void>;
  /**
   * Counts a wish for a new password, or the try of a link, by address alone: whose account it is about is not told.
   *
   * @throws AppError TOO_MANY_ATTEMPTS with the seconds to wait
   */
  takeReset(address: string | null): Promise<void>;
  /** Forgets the tries of an account from an address, after a login that succeeded. */
  forget(account: string, address: string | null): Promise<void>;
}

/** The limits of an installation. While Redis is away, each process counts by itself and allows less. */
export function signInLimits(redis: RedisOwner): SignInLimits {
  const limit = (name: string, tries: number) =>
    rateLimiter(redis, { name, limit: tries, windowMs: WINDOW_MS, whenAway: 'strict' });
  const ofAddress = limit('sign_in_address', TRIES.perAddress);
  const ofAccount = limit('sign_in_account', TRIES.perAccount);
  const ofBoth = limit('sign_in_account_address', TRIES.perAccountAndAddress);
  const resets = limit('password_reset_address', RESETS_PER_ADDRESS);
  const from = (address: string | null): string => address ?? 'unknown';
  const both = (account: string, address: string | null): string => `${account} ${from(address)}`;

  return {
    async take(account, address) {
      // The narrowest first: what it refuses does not count against the others, so that one stranger cannot use up the
      // tries of everybody else.
      const hits = [
        () => ofBoth.consume(both(account, address)),
        () => ofAddress.consume(from(address)),
        () => ofAccount.consume(account),
      ];
      for (const hit of hits) {
        const { allowed, retryAfterMs } = await hit();
        if (!allowed) throw tooManyAttempts(retryAfterMs / 1_000);
      }
    },
    async takeReset(address) {
      const { allowed, retryAfterMs } = await resets.consume(from(address));
      if (!allowed) throw tooManyAttempts(retryAfterMs / 1_000);
    },
    async forget(account, address) {
      await Promise.all([ofBoth.reset(both(account, address)), ofAccount.reset(account)]);
    },
  };
}

/** Seconds that an account is held back after so many wrong passwords in a row: doubling, never for ever. */
export function delayAfterFailures(failedCount: number): number {
  if (failedCount < PATIENT_FAILURES) return 0;
  return Math.min(2 ** Math.min(failedCount - PATIENT_FAILURES, 20), DELAY_SECONDS_MAX);
}

/** Too many tries: the answer says when the next one is possible. */
export function tooManyAttempts(waitSeconds: number): AppError {
  return new AppError('TOO_MANY_ATTEMPTS', 'Too many attempts. Wait before you try again.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds)),
  });
}
