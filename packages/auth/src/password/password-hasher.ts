import { hash, parseOptions, verify } from '@node-rs/argon2';
import { concurrencyLimit } from './concurrency-limit.ts';

/**
 * Argon2id, the stronger of the two settings of equal cost.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const COST = { memoryCost: 47_104, timeCost: 1, parallelism: 1 };
/** Each hash takes 46 MB while it is computed; without a limit a burst of logins would be a burst of memory. */
const HASHES_AT_ONCE_MAX = 4;
/** Passwords are at most 128 characters, in normal form KC; who waits behind more than this gives up anyway. */
const WAITING_MAX = 100;

/** Makes and checks password hashes. */
export interface PasswordHasher {
  /** The hash to keep, in the PHC string format. */
  hash(password: string): Promise<string>;
  /**
   * Whether this is the password. Without a hash (no such account, or one without a password) the same work is done
   * and the answer is no, so that the time tells nothing.
   */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
  /** True when the hash was made with less than today's cost: hash again while the password is at hand. */
  isOutdated(passwordHash: string): boolean;
}

/**
 * Opens the hasher of a process.
 *
 * Its methods throw AppError TOO_MANY_ATTEMPTS when too many are waiting already.
 */
export function passwordHasher(): PasswordHasher {
  const limit = concurrencyLimit({ atOnceMax: HASHES_AT_ONCE_MAX, waitingMax: WAITING_MAX });
  let nobodys: Promise<string> | null = null;
  return {
    hash: (password) => limit(() => hash(password, COST)),
    async verify(passwordHash, password) {
      nobodys ??= hash('nobody has this password', COST);
      const against = passwordHash ?? (await nobodys);
      const isRight = await limit(() => verify(against, password));
      return isRight && passwordHash !== null;
    },
    isOutdated(passwordHash) {
      const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
      return memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism;
    },
  };
}
