import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { recordingTerminal } from '../testing/recording-terminal.ts';
import { liveStatus } from './live-status.ts';

describe('liveStatus', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('writes a plain line for each change where no terminal is', () => {
    const terminal = recordingTerminal();
    const status = liveStatus(terminal);
    status.show('Loading the page');
    status.show('Loading the page');
    status.show('Storing the result');
    status.clear();
    expect(terminal.written.err).toBe('… Loading the page\n… Storing the result\n');
  });

  it('rewrites one line on a terminal, counts the seconds and takes the line away', () => {
    const terminal = recordingTerminal({ isLive: true });
    const status = liveStatus(terminal);
    status.show('Loading the page');
    jest.advanceTimersByTime(2_000);
    expect(terminal.written.err).toContain('… Loading the page (2 s)');
    status.clear();
    jest.advanceTimersByTime(5_000);
    expect(terminal.written.err).not.toContain('\n');
    expect(terminal.written.err).toMatch(/\r\u001b\[K$/);
  });

  it('leaves nothing on standard output', () => {
    const terminal = recordingTerminal({ isLive: true });
    const status = liveStatus(terminal);
    status.show('Loading the page');
    status.note('The worker was started again');
    status.clear();
    expect(terminal.written.out).toBe('');
  });
});
