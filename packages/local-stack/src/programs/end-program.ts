import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../process-identity.mjs';

const POLL_MS = 20;

/**
 * Ends a program: first as it wants to be asked, and by force, together with its process group, when it has not
 * ended in time. Resolves when it is gone.
 *
 * @param graceMs - how long it may take
 */
export async function endProgram(
  identity: ProcessIdentity,
  stopSignal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  if (!isAlive(identity)) return;
  send(identity.pid, stopSignal);
  const deadline = performance.now() + graceMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) send(-identity.pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime, which is what is wanted.
  }
}
