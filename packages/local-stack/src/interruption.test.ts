import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { catchInterruptions, Interruption, type Interruptions } from './interruption.ts';

describe('catchInterruptions', () => {
  let interruptions: Interruptions;
  beforeEach(() => {
    jest.useFakeTimers();
    interruptions = catchInterruptions();
  });
  afterEach(() => {
    interruptions.dispose();
    jest.useRealTimers();
  });

  it('takes signals that npm and the terminal both pass on for one', () => {
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    expect(interruptions.first.reason).toBeInstanceOf(Interruption);
    expect(interruptions.second.aborted).toBe(false);
  });

  it('hears when the user asks again later', () => {
    process.emit('SIGINT', 'SIGINT');
    jest.advanceTimersByTime(1_500);
    process.emit('SIGINT', 'SIGINT');
    expect(interruptions.second.aborted).toBe(true);
  });

  it('ends with the code that shells give the signal', () => {
    process.emit('SIGTERM', 'SIGTERM');
    expect(interruptions.first.reason).toMatchObject({ exitCode: 143 });
  });
});
