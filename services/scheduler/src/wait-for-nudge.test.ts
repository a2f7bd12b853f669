import { describe, expect, it } from '@jest/globals';
import { createNudge } from './wait-for-nudge.ts';

const FOR_EVER_MS = 2 ** 31 - 1;

describe('a nudge', () => {
  it('ends the wait', async () => {
    const nudge = createNudge();
    const waited = nudge.wait(FOR_EVER_MS);
    nudge.nudge();
    await waited;
  });

  it('that came while nobody waited is not lost', async () => {
    const nudge = createNudge();
    nudge.nudge();
    nudge.nudge();
    await nudge.wait(FOR_EVER_MS);
  });

  it('counts once, so that the next wait waits again', async () => {
    const nudge = createNudge();
    nudge.nudge();
    await nudge.wait(FOR_EVER_MS);
    let isOver = false;
    const second = nudge.wait(FOR_EVER_MS).then(() => {
      isOver = true;
    });
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    nudge.nudge();
    await second;
  });

  it('is not needed when the time is up', async () => {
    await createNudge().wait(1);
  });
});
