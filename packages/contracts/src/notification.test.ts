import { describe, expect, it } from '@jest/globals';
import { notificationPreferencesSchema, notificationTemplateCreateSchema } from './notification.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

const TEMPLATE = {
  event: 'scan_finished',
  channel: 'email',
  language: 'en',
  subject: 'The scan of {{site}} has ended',
  body: 'Dear {{ recipientName }},\n\nsee {{reportUrl}}.\n',
};

describe('preferences', () => {
  it('say for each event by which channels, how often and from which severity on', () => {
    const choices = {
      finding_raised: { channels: ['email', 'in_app'], frequency: 'daily', severityMin: 'high' },
    };
    expect(notificationPreferencesSchema.parse({ choices })).toEqual({
      choices,
      email: null,
      quietHours: null,
      timeZone: 'UTC',
    });
  });

  it('may ask for silence', () => {
    expect(accepts(notificationPreferencesSchema, { choices: { scan_finished: { channels: [] } } })).toBe(
      true,
    );
  });

  it.each([
    ['an unknown event', { choices: { everything: { channels: [] } } }],
    ['an unknown channel', { choices: { scan_finished: { channels: ['pager'] } } }],
    ['a channel twice', { choices: { scan_finished: { channels: ['email', 'email'] } } }],
    ['an unknown frequency', { choices: { scan_finished: { channels: [], frequency: 'hourly' } } }],
    ['an address with further headers', { choices: {}, email: 'a@b.com\r\nBcc: c@d.com' }],
    ['somebody else', { choices: {}, userId: 'x' }],
    ['nothing', {}],
  ])('are refused with %s', (_what, preferences) => {
    expect(accepts(notificationPreferencesSchema, preferences)).toBe(false);
  });
});

describe('a template', () => {
  it('is text with variables', () => {
    expect(notificationTemplateCreateSchema.parse(TEMPLATE)).toEqual({
      ...TEMPLATE,
      body: TEMPLATE.body.trim(),
    });
  });

  it.each([
    ['a subject of two lines', { subject: 'a\r\nBcc: c@d.com' }, 'subject'],
    ['an unknown variable', { body: 'Hello {{password}}' }, 'body'],
    ['a variable of a variable', { body: '{{site.constructor}}' }, 'body'],
    ['a calculation', { body: '{{7*7}}' }, 'body'],
    ['a block', { body: '{{#each sites}}x{{/each}}' }, 'body'],
    ['a brace that stays open', { body: 'Hello {{site' }, 'body'],
    ['braces inside braces', { body: '{{ {{site}} }}' }, 'body'],
    ['an unknown language', { language: 'xx' }, 'language'],
    ['an unknown event', { event: 'everything' }, 'event'],
    ['no text', { body: ' ' }, 'body'],
  ])('is refused with %s', (_what, change, path) => {
    expect(problemsOf(notificationTemplateCreateSchema, { ...TEMPLATE, ...change })).toEqual([
      expect.stringMatching(`^${path}: `),
    ]);
  });
});
