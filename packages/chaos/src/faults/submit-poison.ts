import type { Fault } from './fault.ts';

/** It is given up after so many workers as it may cost, and takes no other scan with it. */
export const submitPoison: Fault = {
  name: 'a scan is submitted that kills every worker',
  isLong: true,
  isForTrivialEngine: true,
  async strike({ platform, expect }) {
    await platform.untilReady();
    const id = await platform.client.submit(`${platform.siteUrl('poison')}poison`, { end: 'given up' });
    expect(id !== null, 'no scan was accepted before a poisonous one');
  },
};
