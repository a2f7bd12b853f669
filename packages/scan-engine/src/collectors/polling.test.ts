import { describe, expect, it } from '@jest/globals';
import { withoutPolling } from './polling.ts';
import type { RequestRecord } from './request-log.ts';

function request(url: string, type = 'Fetch'): RequestRecord {
  return { type, hops: [{ url }] } as unknown as RequestRecord;
}

function asked(times: number, url: (turn: number) => string, type?: string): RequestRecord[] {
  return Array.from({ length: times }, (_, turn) => request(url(turn), type));
}

describe('which requests are worth waiting for', () => {
  it('leaves out an address that is asked again and again, whatever its query and numbers', () => {
    const polls = [
      ...asked(4, (turn) => `https://shop.test/poll/${turn}?at=${turn}`),
      ...asked(4, (turn) => `https://shop.test/poll/${turn + 100}#x`),
    ];
    expect(polls.filter(withoutPolling(polls))).toEqual([]);
  });

  it('keeps what is asked a few times, and the same path of other hosts', () => {
    const few = [
      ...asked(5, () => 'https://shop.test/api'),
      ...asked(5, (turn) => `https://shop${turn}.test/api`),
      ...asked(1, () => 'https://shop.test'),
    ];
    expect(few.filter(withoutPolling(few))).toHaveLength(11);
  });

  it('keeps the pictures of a long page', () => {
    const pictures = asked(20, (turn) => `https://shop.test/${turn}.png`, 'Image');
    expect(pictures.filter(withoutPolling(pictures))).toHaveLength(20);
  });
});
