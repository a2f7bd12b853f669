import { randomBytes } from 'node:crypto';

/** A short name for addresses: a readable part and a random one, because names are not unique. */
export function slugFor(name: string, fallback: string): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${readable === '' ? fallback : readable}-${randomBytes(6).toString('hex')}`;
}
