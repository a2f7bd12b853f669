import { describe, expect, it } from '@jest/globals';
import { untilAborted } from './until-aborted.ts';

const never = new Promise<never>(() => undefined);

describe('untilAborted', () => {
  it('gives what the work gives', async () => {
    const { signal } = new AbortController();

    await expect(untilAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(untilAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it('ends with the reason of the signal although the work goes on', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    controller.abort(new Error('enough'));

    await expect(waiting).rejects.toThrow('enough');
    await expect(untilAborted(never, controller.signal)).rejects.toThrow('enough');
  });
});
