import { describe, expect, it } from '@jest/globals';
import { observedCookie, observedSite } from './observation.test.helper.ts';
import { redactValues } from './redact-values.ts';

const CANARY = 'canary-4711';

describe('redactValues', () => {
  it('leaves no value of any cookie, also not of those that were gone before the end', () => {
    const cookie = observedCookie({ value: CANARY });
    const redacted = redactValues(observedSite({ cookies: [cookie], transientCookies: [cookie] }), 'key');

    expect(JSON.stringify(redacted)).not.toContain(CANARY);
    expect(redacted.cookies[0]?.value).toBeNull();
    expect(redacted.transientCookies[0]?.value).toBeNull();
  });

  it('hashes equal values to equal hashes and different ones to different ones', () => {
    const cookies = ['a', 'a', 'b'].map((value) => observedCookie({ value }));
    const [first, same, other] = redactValues(observedSite({ cookies }), 'key').cookies;

    expect(first?.valueHash).toMatch(/^[0-9a-f]{64}$/);
    expect(same?.valueHash).toBe(first?.valueHash);
    expect(other?.valueHash).not.toBe(first?.valueHash);
  });

  it('makes hashes that cannot be compared without the key', () => {
    const observation = observedSite();
    const hashWith = (key: string): unknown => redactValues(observation, key).cookies[0]?.valueHash;

    expect(hashWith('one key')).not.toBe(hashWith('another key'));
  });

  it('keeps the hash of a cookie whose value is gone already, and changes nothing else', () => {
    const cookie = observedCookie({ value: null, valueHash: 'known' });
    const observation = observedSite({ cookies: [cookie] });

    expect(redactValues(observation, 'key')).toEqual(observation);
  });

  it('keeps what a value looks like, which tells an identifier from a switch', () => {
    const valueShape = { kind: 'hex', length: 32, entropyBits: 118 } as const;
    const observation = observedSite({ cookies: [observedCookie({ valueShape })] });

    expect(redactValues(observation, 'key').cookies[0]).toMatchObject({ value: null, valueShape });
  });

  it('does not change the observation it was given', () => {
    const observation = observedSite();
    redactValues(observation, 'key');

    expect(observation.cookies[0]?.value).toBe('secret-value');
  });
});
