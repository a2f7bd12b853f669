import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { answerFor } from './problem.ts';

describe('answerFor', () => {
  it('shows the message of an error that may be shown', () => {
    expect(answerFor(new AppError('SCAN_NOT_FOUND', 'There is no scan with this id.'))).toEqual({
      problem: {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'There is no scan with this id.',
        code: 'SCAN_NOT_FOUND',
      },
      retryAfterSeconds: null,
      isBug: false,
    });
  });

  it('hides the message of an error that may not, and says when to try again', () => {
    const answer = answerFor(
      new AppError('DATABASE_UNAVAILABLE', 'canary', { errors: [{ detail: 'canary' }] }),
    );
    expect(answer).toMatchObject({
      problem: { status: 503, code: 'DATABASE_UNAVAILABLE' },
      retryAfterSeconds: 5,
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it.each([new Error('canary'), 'canary', null, { status: 418, message: 'canary' }, new URIError('canary')])(
    'shows nothing of what nobody foresaw: %#',
    (error) => {
      const answer = answerFor(error);
      expect(answer).toMatchObject({ problem: { status: 500, code: 'INTERNAL_ERROR' }, isBug: true });
      expect(JSON.stringify(answer)).not.toContain('canary');
    },
  );

  it('asks for another try of what is not ready yet', () => {
    expect(answerFor(new AppError('REPORT_NOT_READY', 'x')).retryAfterSeconds).toBe(2);
  });
});
