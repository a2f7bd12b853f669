import type { ManagedProcess } from '../platform/managed-process.ts';
import { heldScans, until } from './observe.ts';
import type { FaultContext } from './fault.ts';

/** Submits a scan that takes a while, and waits until a worker is at work on it: that one. */
export async function workerWithScan({ platform, random }: FaultContext): Promise<ManagedProcess> {
  const submit = (): Promise<string | null> =>
    platform.client.submit(platform.siteUrl(`slow-${random.between(0, 1_000_000_000)}`, '?takes=3000'));
  let id = await submit();
  await until('a scan was accepted', async () => {
    id ??= await submit();
    return id !== null;
  });
  let worker: ManagedProcess | undefined;
  await until('a worker is at work on a scan', async () => {
    for (const each of platform.named('worker')) {
      if ((await heldScans(platform, each)).some((held) => held.id === id)) worker = each;
    }
    return worker !== undefined;
  });
  if (!worker) throw new Error('no scan is under way');
  return worker;
}
