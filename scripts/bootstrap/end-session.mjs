import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What npm and turbo leave half done is done again from the start, so they need no long time to end. */
const GRACE_MS = 2_000;
const POLL_MS = 50;

/**
 * Ends a program that was started in a session of its own, with everything it started: turbo gives each task a process
 * group of its own, which a signal to the program's group does not reach. Resolves when all of it is gone.
 *
 * @param {number} leader the program, also while it has ended itself
 */
export async function endSession(leader) {
  const deadline = Date.now() + GRACE_MS;
  for (const pid of sessionMembers(leader)) send(pid, 'SIGTERM');
  while (sessionMembers(leader).length > 0) {
    if (Date.now() > deadline) for (const pid of sessionMembers(leader)) send(pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

/**
 * Living processes of a session, without those that nobody has collected yet. Where the system does not tell, the
 * group of the leader stands for it.
 *
 * @param {number} leader
 * @returns {number[]} as `kill` takes them
 */
function sessionMembers(leader) {
  if (process.platform !== 'linux') return send(-leader, 0) ? [-leader] : [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isMember(name, leader))
    .map(Number);
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 3 (state) and 6 (session) */
function isMember(pid, leader) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[3] === String(leader) && fields[0] !== 'Z' && fields[0] !== 'X';
  } catch {
    // It ended in the meantime.
    return false;
  }
}

/** @param {number} pid @param {NodeJS.Signals | 0} signal */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
    return false;
  }
}
