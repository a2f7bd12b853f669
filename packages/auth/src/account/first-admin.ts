import { randomInt } from 'node:crypto';
import type { User } from '@cookie-scanner/contracts';
import type { UserRepository } from '@cookie-scanner/database';
import type { PasswordHasher } from '../password/password-hasher.ts';

/** Without letters and digits that people confuse. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

/**
 * Opens the first account of an installation, with a password made at random (98 bits) that is told once.
 *
 * @returns null when there are accounts already
 */
export async function makeFirstAdmin(
  { users, passwords }: { users: Pick<UserRepository, 'createFirstAdmin'>; passwords: PasswordHasher },
  { email, name }: { email: string; name: string },
): Promise<{ user: User; password: string } | null> {
  const password = newPassword();
  const passwordHash = await passwords.hash(password);
  const user = await users.createFirstAdmin({ email, name, passwordHash }, { actorKind: 'system' });
  return user && { user, password };
}

function newPassword(): string {
  const group = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
