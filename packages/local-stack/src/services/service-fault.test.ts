import { describe, expect, it } from '@jest/globals';
import { serviceFault } from './service-fault.ts';

const OTHERWISE = 'The worker ended while starting; worker.log says why.';
const logged = (error: Record<string, unknown>): string =>
  `${JSON.stringify({ level: 'info', message: 'starting' })}\n${JSON.stringify({ level: 'error', message: 'x', error })}\n`;

describe('serviceFault', () => {
  it('passes on the words and the code of a failure that the service foresaw', () => {
    const words = logged({
      name: 'AppError',
      code: 'BROWSER_UNAVAILABLE',
      message: 'No sandbox here; do this.',
    });
    expect(serviceFault(words, OTHERWISE)).toMatchObject({
      code: 'BROWSER_UNAVAILABLE',
      message: 'No sandbox here; do this.',
    });
  });

  it('names the log when the service failed in a way that nobody foresaw', () => {
    expect(serviceFault(logged({ name: 'TypeError', message: 'x is undefined' }), OTHERWISE).message).toBe(
      OTHERWISE,
    );
    expect(serviceFault('SyntaxError: Unexpected token\n\nNode.js v24', OTHERWISE)).toMatchObject({
      code: 'STACK_FAILED',
      message: OTHERWISE,
    });
    expect(serviceFault('', OTHERWISE).message).toBe(OTHERWISE);
  });

  it('says that the disk is full when that is why', () => {
    expect(serviceFault('Error: ENOSPC: no space left on device, write', OTHERWISE).code).toBe(
      'DISK_NOT_WRITABLE',
    );
  });
});
