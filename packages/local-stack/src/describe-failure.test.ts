import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { describeFailure } from './describe-failure.ts';

describe('describeFailure', () => {
  it.each([
    [new AppError('URL_INVALID', 'x'), 64],
    [new AppError('ADDRESS_NOT_ALLOWED', 'x'), 64],
    [new AppError('CONFIG_INVALID', 'x'), 64],
    [new AppError('MACHINE_NOT_READY', 'x'), 69],
    [new AppError('BROWSER_UNAVAILABLE', 'x'), 69],
    [new AppError('DATABASE_UNAVAILABLE', 'x'), 69],
    [new AppError('REDIS_UNAVAILABLE', 'x'), 69],
    [new AppError('STACK_FAILED', 'x'), 70],
    [new AppError('DISK_NOT_WRITABLE', 'x'), 73],
    [new AppError('PORT_TAKEN', 'x'), 75],
    [new AppError('STACK_BUSY', 'x'), 75],
    [Object.assign(new Error('write'), { code: 'ENOSPC' }), 73],
    [Object.assign(new Error('open'), { code: 'EACCES', path: '/x' }), 73],
    [new TypeError('x is not a function'), 70],
    ['thrown text', 70],
  ])('gives %s the exit code %i', (error, exitCode) => {
    expect(describeFailure(error).exitCode).toBe(exitCode);
  });

  it('says what to do about a full disk and about a folder that is not ours', () => {
    const full = describeFailure(Object.assign(new Error('write'), { code: 'ENOSPC' }));
    expect(full.message).toBe('The disk is full; free some space and run the command again.');
    const denied = describeFailure(Object.assign(new Error('open'), { code: 'EACCES', path: '/srv/data' }));
    expect(denied.message).toContain('/srv/data');
  });
});
