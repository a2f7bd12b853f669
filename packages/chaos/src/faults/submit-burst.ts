import { readFile } from 'node:fs/promises';
import type { Fault } from './fault.ts';
import { expectShown } from './observe.ts';

const SIZE = { short: 50, long: 2_000 };

/** All are accepted at once, reading goes on, and the gateway keeps nothing of them. */
export const submitBurst: Fault = {
  name: 'very many scans are submitted at once',
  isForTrivialEngine: true,
  async strike(context) {
    const { platform, random, isLong, say, expect } = context;
    await platform.untilReady();
    const size = isLong ? SIZE.long : SIZE.short;
    const burst = random.between(0, 1_000_000_000);
    const pid = platform.named('gateway')[0].pid() ?? 0;
    const beforeMb = await residentMb(pid);
    const startMs = performance.now();
    const isAccepted = await platform.client.submitAll(
      Array.from({ length: size }, (_, n) => platform.siteUrl(`burst-${burst}-${n}`)),
    );
    const tookMs = Math.round(performance.now() - startMs);
    expect(isAccepted, `${size} scans at once were not accepted`);
    await expectShown(context, 'while very many scans waited');
    say(`${size} scans accepted in ${tookMs} ms, gateway ${beforeMb} → ${await residentMb(pid)} MB`);
  },
};

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
