import { couldBeIdentifier } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { valueShapeOf } from './value-shape.ts';

describe('valueShapeOf', () => {
  it.each([
    ['', 'empty'],
    ['1', 'boolean'],
    ['0', 'boolean'],
    ['true', 'boolean'],
    ['off', 'boolean'],
    ['42', 'number'],
    ['3.14159', 'number'],
    ['-3', 'number'],
    ['1700000000', 'timestamp'],
    ['1700000000123', 'timestamp'],
    ['1700000000123456', 'timestamp'],
    ['1700000000.123', 'timestamp'],
    ['2026-11-22', 'timestamp'],
    ['2026-11-22T10:00:00.000Z', 'timestamp'],
    ['2026-11-22T10%3A00%3A00%2B01%3A00', 'timestamp'],
    ['Sun, 22 Nov 2026 10:00:00 GMT', 'timestamp'],
    ['dark', 'word'],
    ['en-US', 'word'],
    ['de_AT.UTF-8', 'word'],
    ['EUR', 'word'],
    ['Europe/Berlin', 'word'],
    ['necessary-only', 'word'],
    ['acceptedAnalyticsAndMarketing', 'word'],
    ['variant-2', 'word'],
    ['checkout_v2', 'word'],
    ['utf8', 'word'],
    ['v1.2.3', 'word'],
    ['1920x1080', 'word'],
    ['1.2.3', 'word'],
    ['127.0.0.1', 'word'],
    ['necessary:1|analytics:0|marketing:0', 'word'],
    ['UA-12345-6', 'word'],
    ['{"necessary":true,"analytics":false,"version":"1.2"}', 'json'],
    ['%7B%22lang%22%3A%22en-US%22%2C%22at%22%3A1700000000%7D', 'json'],
    ['first=1700000000&last=1700000042&visits=3', 'list'],
    ['1.1700000000.1700000042', 'list'],
    ['last=1700000000', 'list'],
    ['session-1700000000', 'token'],
    ['from:2026-11-22T10:00:00Z|to:2026-11-23T10:00:00Z', 'list'],
    ['https://shop.test/checkout?step=2', 'text'],
    ['Grüße aus Köln', 'word'],
  ])('%s is a %s that identifies nobody', (value, kind) => {
    const shape = valueShapeOf(value);
    expect(shape).toMatchObject({ kind, length: value.length });
    expect(couldBeIdentifier(shape)).toBe(false);
  });

  it.each([
    ['5f0c7be2a1d94e6b8c3f7a90d1e2b4c6', 'hex'],
    ['5F0C7BE2A1D94E6B', 'hex'],
    ['6fa459ea-ee8a-3ca4-894e-db77e160355e', 'uuid'],
    ['{6FA459EA-EE8A-3CA4-894E-DB77E160355E}', 'uuid'],
    ['GA1.2.1234567890.1700000000', 'list'],
    ['GA1.1.1650000000.1700000000', 'list'],
    ['fb.1.1700000000123.1098115397', 'list'],
    ['1690000000123456789', 'number'],
    ['834729104', 'number'],
    ['0.8273648273648273', 'number'],
    ['dGhpcyBpcyBhIHRva2VuIQ==', 'token'],
    ['kJ8xQ2vN-p0ZrT_5', 'token'],
    ['u-7f3a9c', 'token'],
    ['AHWqTUnXk9f0', 'token'],
    ['xkqzvbnmpwrtlkjh', 'token'],
    ['uid%3A5f0c7be2a1d94e6b%3Bv%3A1', 'list'],
    ['{"distinct_id":"0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","v":1}', 'json'],
    ['s%3Aj2Rk9sLq0PzX.Hc7%2Bk1', 'list'],
    ['https://id.test/x?u=5f0c7be2a1d94e6b', 'text'],
  ])('%s is a %s that could be an identifier', (value, kind) => {
    const shape = valueShapeOf(value);
    expect(shape).toMatchObject({ kind, length: value.length });
    expect(couldBeIdentifier(shape)).toBe(true);
  });

  it('needs no longer for a value that was made to be hard', () => {
    const hard = [
      '{'.repeat(4_000),
      '['.repeat(4_000),
      '.|&:;'.repeat(50_000),
      'a'.repeat(1_000_000),
      '%'.repeat(9_000),
      `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
      '9'.repeat(100_000),
    ];
    for (const value of hard) expect(couldBeIdentifier(valueShapeOf(value))).toBe(false);
  });
});
