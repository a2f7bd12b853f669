import { describe, expect, it } from '@jest/globals';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';
import {
  webhookCreateSchema,
  webhookCreateSchemaFor,
  webhookSchema,
  webhookSecretSchema,
  webhookUpdateSchema,
} from './webhook.ts';

const WEBHOOK = { url: 'https://hooks.example.com/a', events: ['scan_finished'] };

describe('a new webhook', () => {
  it('has an address and events', () => {
    expect(webhookCreateSchema.parse(WEBHOOK)).toEqual({ ...WEBHOOK, description: '' });
  });

  it.each([
    ['no TLS', { url: 'http://hooks.example.com/' }, 'url'],
    ['a private address', { url: 'https://10.0.0.1/' }, 'url'],
    ['the metadata service', { url: 'https://169.254.169.254/latest' }, 'url'],
    ['credentials in its address', { url: 'https://a:b@example.com/' }, 'url'],
    ['another scheme', { url: 'ftp://example.com/' }, 'url'],
    ['no events', { events: [] }, 'events'],
    ['an event twice', { events: ['scan_failed', 'scan_failed'] }, 'events'],
    ['an unknown event', { events: ['everything'] }, 'events.0'],
    ['a short secret', { secret: 'whsec_c2hvcnQ=' }, 'secret'],
    ['another workspace', { workspaceId: ID }, ''],
  ])('is refused with %s', (_what, change, path) => {
    expect(problemsOf(webhookCreateSchema, { ...WEBHOOK, ...change })).toEqual([
      expect.stringMatching(`^${path}: `),
    ]);
  });

  it('may go without TLS where the operator allows it', () => {
    const schema = webhookCreateSchemaFor({ allowHttp: true });
    expect(accepts(schema, { ...WEBHOOK, url: 'http://hooks.example.com/' })).toBe(true);
    expect(accepts(schema, { ...WEBHOOK, url: 'http://10.0.0.1/' })).toBe(false);
  });
});

describe('the secret of a webhook', () => {
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString('base64')}`;

  it.each([24, 25, 26, 32, 64])('has %d bytes', (bytes) => {
    expect(accepts(webhookSecretSchema, secretOf(bytes))).toBe(true);
  });

  it.each([
    '',
    'whsec_',
    secretOf(23),
    secretOf(65),
    secretOf(24).slice(6),
    `${secretOf(24)}\n`,
    secretOf(24).replace('+', '-'),
  ])('is not %j', (secret) => {
    expect(accepts(webhookSecretSchema, secret)).toBe(false);
  });

  it('is no field of the webhook that the API shows', () => {
    expect(Object.keys(webhookSchema.shape)).not.toContain('secret');
  });
});

it('a change of a webhook names only what changes, and cannot break it', () => {
  expect(webhookUpdateSchema.parse({ state: 'paused' })).toEqual({ state: 'paused' });
  expect(accepts(webhookUpdateSchema, {})).toBe(false);
  expect(accepts(webhookUpdateSchema, { state: 'broken' })).toBe(false);
});
