import type { LiveMember } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { asTold, liveChanges } from './live-changes.ts';

const member = (connectionId: string, path: string | null = null): LiveMember => ({
  connectionId,
  userId: 'ada',
  cursor: path === null ? null : { path },
});

describe('what changed in a room', () => {
  it('is who came, who moved and who left, and nobody else', () => {
    const told = asTold([member('stays'), member('moves', '/'), member('leaves')]);
    const now = [member('comes'), member('stays'), member('moves', '/scans')];
    expect(liveChanges(told, now)).toEqual({
      type: 'changes',
      present: [member('comes'), member('moves', '/scans')],
      gone: ['leaves'],
    });
  });

  it('is nothing when only the order differs', () => {
    expect(liveChanges(asTold([member('a'), member('b')]), [member('b'), member('a')])).toBeNull();
  });
});
