import { describe, expect, it } from '@jest/globals';
import { createInTurn } from './in-turn.ts';

describe('inTurn', () => {
  it('lets the second with the same key wait for the first, even when that fails', async () => {
    const inTurn = createInTurn();
    const first = Promise.withResolvers<void>();
    const order: string[] = [];
    const one = inTurn('a', async () => {
      await first.promise;
      order.push('first');
      throw new Error('failed');
    });
    const two = inTurn('a', () => {
      order.push('second');
      return Promise.resolve('done');
    });
    first.resolve();
    await expect(one).rejects.toThrow('failed');
    await expect(two).resolves.toBe('done');
    expect(order).toEqual(['first', 'second']);
  });

  it('does not hold up others', async () => {
    const inTurn = createInTurn();
    const first = Promise.withResolvers<void>();
    const one = inTurn('a', () => first.promise);
    await expect(inTurn('b', () => Promise.resolve('done'))).resolves.toBe('done');
    first.resolve();
    await one;
  });
});
