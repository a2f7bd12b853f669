import { describe, expect, it } from '@jest/globals';
import { cookieFlags } from './cookie-flags.ts';
import { savedObservation } from './testing/saved-observations.ts';

function labelsOf(name: string): string[] {
  const cookie = savedObservation('shop').cookies.find((candidate) => candidate.name === name);
  if (!cookie) throw new Error(`no cookie ${name}`);
  return cookieFlags(cookie).map((flag) => flag.label);
}

describe('cookieFlags', () => {
  it('lists what the browser enforces, in a fixed order', () => {
    expect(labelsOf('session_id')).toEqual(['Secure', 'HttpOnly', 'SameSite=Strict', 'Host only']);
    expect(labelsOf('chat_visitor')).toEqual(['Secure', 'SameSite=None', 'Partitioned', 'Host only']);
  });

  it('says that SameSite was not set, and nothing of flags that are merely absent', () => {
    expect(labelsOf('_vc_id')).toEqual(['SameSite not set']);
  });
});
