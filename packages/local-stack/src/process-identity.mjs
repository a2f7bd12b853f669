// Plain JavaScript, because scripts/bootstrap.mjs uses this before anything is installed or built.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process, told apart from a later one that was given the same number.
 *
 * @typedef {object} ProcessIdentity
 * @property {number} pid
 * @property {string} startTime opaque; equal only for the same process of the same boot
 */

/**
 * Identifies a living process.
 *
 * @param {number} pid
 * @returns {ProcessIdentity | null} null when no such process is alive; a zombie is not
 */
export function identifyProcess(pid) {
  const startTime = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime };
}

/**
 * True while exactly this process is alive.
 *
 * @param {ProcessIdentity} identity
 */
export function isAlive(identity) {
  return identifyProcess(identity.pid)?.startTime === identity.startTime;
}

/**
 * @param {number} pid
 * @returns {string | null}
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 3 (state) and 22 (starttime)
 */
function startTimeFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself contain spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId}/${fields[19]}`;
  } catch {
    // The process is gone, which is the answer.
    return null;
  }
}

/**
 * @param {number} pid
 * @returns {string | null}
 */
function startTimeFromPs(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const line = (stdout ?? '').trim();
  return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
}
