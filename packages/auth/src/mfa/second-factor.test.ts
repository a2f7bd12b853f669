import { recoveryCodeSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { generate } from 'otplib';
import { TEST_KEYS } from '../testing.test.helper.ts';
import { groupedRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { openSecret, sealSecret } from '../token/sealed-secret.ts';
import { newTotp, totpStepOf } from './totp.ts';

describe('a sealed secret', () => {
  it('opens for its owner, and looks different every time', () => {
    const sealed = sealSecret(TEST_KEYS, 'ada', 'secret');
    expect(openSecret(TEST_KEYS, 'ada', sealed)).toBe('secret');
    expect(sealSecret(TEST_KEYS, 'ada', 'secret').equals(sealed)).toBe(false);
    expect(sealed.toString('latin1')).not.toContain('secret');
  });

  it('does not open for anybody else, changed, or with another key', () => {
    const sealed = sealSecret(TEST_KEYS, 'ada', 'secret');
    expect(() => openSecret(TEST_KEYS, 'bob', sealed)).toThrow();
    expect(() => openSecret({ seal: Buffer.alloc(32) }, 'ada', sealed)).toThrow();
    sealed[14] = (sealed[14] ?? 0) ^ 1;
    expect(() => openSecret(TEST_KEYS, 'ada', sealed)).toThrow();
  });
});

describe('a code of an app', () => {
  it('is right in its step and the two around it, and in no other', async () => {
    const { secret, uri } = newTotp('ada@example.org');
    expect(uri).toMatch(/^otpauth:\/\/totp\/Cookie%20Scanner:ada%40example\.org\?secret=/);
    const nowSeconds = Math.floor(Date.now() / 30_000) * 30 + 15;
    const codeAt = (steps: number) => generate({ secret, epoch: nowSeconds + steps * 30 });
    // Two steps of slack, because the clock may turn while this runs.
    const steps = await Promise.all([-4, 0, 4].map(async (at) => totpStepOf(secret, await codeAt(at))));
    expect(steps[0]).toBeNull();
    expect(steps[1]).toBe(Math.floor(nowSeconds / 30));
    expect(steps[2]).toBeNull();
  });
});

describe('recovery codes', () => {
  it('are ten different ones that people may type as they like', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(recoveryCodeSchema.parse(groupedRecoveryCode(code).toLowerCase())).toBe(code);
    }
  });
});
