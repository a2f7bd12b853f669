import { siteAccessSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { keysOfEncryptionKey } from './auth-keys.ts';
import { openAccess, sealAccess } from './sealed-access.ts';

const keys = keysOfEncryptionKey('a key of more than thirty-two characters');
const scanId = '0c6c1d4e-4a3b-4c53-8f2e-0d9b5c5c8b11';
const access = siteAccessSchema.parse({
  headers: [{ name: 'X-Preview', value: 'canary-header' }],
  cookies: [{ name: 'sid', value: 'canary-cookie' }],
  httpCredentials: { username: 'visitor', password: 'canary-password' },
  login: {
    recording: {
      title: 'login',
      steps: [
        { type: 'navigate', url: 'https://shop.example/login' },
        { type: 'change', selectors: [['#password']], value: '{{secret:PASSWORD}}' },
      ],
    },
    secrets: { PASSWORD: 'canary-secret' },
  },
});

describe('what opens a site, sealed', () => {
  it('opens again as it was, for its scan alone', () => {
    const sealed = sealAccess(keys, scanId, access);
    expect(openAccess(keys, scanId, sealed)).toEqual(access);
    expect(() => openAccess(keys, 'another scan', sealed)).toThrow('cannot be decrypted');
  });

  it('shows nothing, and is another text each time', () => {
    const sealed = sealAccess(keys, scanId, access);
    expect(sealed.toString('latin1')).not.toContain('canary');
    expect(sealAccess(keys, scanId, access).equals(sealed)).toBe(false);
  });

  it.each([
    ['changed', (sealed: Buffer) => sealed.fill((sealed.at(-1) ?? 0) ^ 1, sealed.length - 1)],
    ['cut off', (sealed: Buffer) => sealed.subarray(0, 20)],
    ['empty', () => Buffer.alloc(0)],
  ])('does not open when it was %s', (_how, spoil) => {
    const spoilt = spoil(sealAccess(keys, scanId, access));
    expect(() => openAccess(keys, scanId, spoilt)).toThrow('AUTH_ENCRYPTION_KEY');
  });

  it('does not open with another key', () => {
    const sealed = sealAccess(keysOfEncryptionKey('another key of more than 32 characters'), scanId, access);
    expect(() => openAccess(keys, scanId, sealed)).toThrow('AUTH_ENCRYPTION_KEY');
  });
});
