import { siteAccessSchema } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { describe, expect, it } from '@jest/globals';
import { secretScrubber, type SecretScrubber } from './secret-scrubber.ts';

const PASSWORD = 'p4ss/wörd "1"';

function scrubberOf(access: unknown): SecretScrubber {
  const scrubber = secretScrubber(siteAccessSchema.parse(access));
  if (!scrubber) throw new Error('there are secrets');
  return scrubber;
}

const password = scrubberOf({ httpCredentials: { username: 'ann', password: PASSWORD } });

describe('a secret', () => {
  it.each([
    ['as it is', PASSWORD],
    ['in an address', encodeURIComponent(PASSWORD)],
    ['in an address, in small hexadecimal digits', encodeURIComponent(PASSWORD).toLowerCase()],
    ['in an address within an address', encodeURIComponent(encodeURIComponent(PASSWORD))],
    ['in a form', new URLSearchParams({ '': PASSWORD }).toString().slice(1)],
    ['in JSON', JSON.stringify(PASSWORD)],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(PASSWORD))],
    ['in HTML', 'p4ss/wörd &quot;1&quot;'],
    ['as basic authentication sends it', Buffer.from(`ann:${PASSWORD}`).toString('base64')],
    ['in base64', Buffer.from(PASSWORD).toString('base64')],
    ['in base64 within a longer text', Buffer.from(`xy${PASSWORD}z`).toString('base64')],
    ['in base64 for addresses', Buffer.from(`x${PASSWORD}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(PASSWORD).toString('hex')],
  ])('is found %s', (_form, text) => {
    expect(password.text(`before ${text} after`)).toMatch(/^before .{0,8}\[redacted\].{0,8} after$/);
  });

  it('that may be a word is found where it stands alone', () => {
    const { text } = scrubberOf({ cookies: [{ name: 'theme', value: 'dark' }] });
    expect(text('https://a.test/darkroom.css?theme=dark')).toBe(
      'https://a.test/darkroom.css?theme=[redacted]',
    );
  });

  it('of a header is found without its scheme too', () => {
    const { text } = scrubberOf({ headers: [{ name: 'authorization', value: 'Bearer tok-4711-abc' }] });
    expect(text('?token=tok-4711-abc')).toBe('?token=[redacted]');
  });

  it('does not exist where nothing is given', () => {
    expect(secretScrubber(null)).toBeNull();
    expect(scrubberOf({}).text('text')).toBe('text');
  });
});

describe('an observation without secrets', () => {
  it('keeps what the contract says in its own words, and what was asked for', () => {
    const observation = sampleObservation([sampleCookie({ value: 'success', sameSite: 'Strict' })]);
    const scrubbed = scrubberOf({
      cookies: ['success', 'Strict', 'first', 'https', 'observed'].map((value) => ({ name: value, value })),
    }).observation(observation);
    expect(scrubbed).toMatchObject({
      status: 'success',
      requestedUrl: observation.requestedUrl,
      cookies: [
        { value: '[redacted]', sameSite: 'Strict', party: 'first', setBy: { confidence: 'observed' } },
      ],
    });
  });

  it('does not tell the value of a cookie that was brought along, however short', () => {
    const cookie = sampleCookie({
      name: 'lang',
      value: 'de',
      setBy: { kind: 'preset', url: null, initiators: [], confidence: 'observed' },
    });
    const observation = sampleObservation([cookie]);
    const { cookies } = scrubberOf({ cookies: [{ name: 'lang', value: 'de' }] }).observation(observation);
    expect(cookies[0]?.value).toBe('[redacted]');
  });

  it('has none in names that a site gave', () => {
    const observation = sampleObservation([sampleCookie({ name: `n-${PASSWORD}` })]);
    expect(JSON.stringify(password.observation(observation))).not.toContain('p4ss');
  });
});
