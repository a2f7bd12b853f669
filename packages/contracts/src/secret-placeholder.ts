import { z } from 'zod';

/** Name of a secret: letters, digits and underscores, starting with a letter or underscore. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'is not a name of letters, digits and underscores');

const PLACEHOLDER = /\{\{secret:([^{}]*)\}\}/g;

/** Names of the secrets that a text stands in for, as in `{{secret:PASSWORD}}`; in order, with repetitions. */
export function secretNamesIn(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name ?? '');
}

/** Puts the secrets in. A name that is not among them stays as it is. */
export function insertSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (placeholder: string, name: string) =>
    Object.hasOwn(secrets, name) ? (secrets[name] ?? placeholder) : placeholder,
  );
}
