import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { canReach } from './account.ts';

describe('canReach', () => {
  let folder: ReturnType<typeof scratchFolder>;
  beforeEach(() => {
    folder = scratchFolder();
  });
  afterEach(() => folder.remove());
  const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 };

  it('sees that one closed folder on the way is enough to keep an account out', () => {
    const inner = join(folder.path, 'closed', 'open');
    mkdirSync(inner, { recursive: true });
    expect(canReach(inner, stranger)).toBe(true);
    chmodSync(join(folder.path, 'closed'), 0o700);
    expect(canReach(inner, stranger)).toBe(false);
    expect(canReach(join(inner, 'not', 'made', 'yet'), stranger)).toBe(false);
  });

  it('lets the owner of a closed folder in', () => {
    const own = { name: 'me', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    chmodSync(folder.path, 0o700);
    expect(canReach(folder.path, own)).toBe(true);
  });
});
