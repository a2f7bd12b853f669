import { existsSync, readFileSync } from 'node:fs';

/** User that the browser runs as, and the command that becomes it. */
export interface BrowserUser {
  readonly uid: number;
  readonly gid: number;
  /** Program and arguments to put before the browser's command line. */
  readonly command: readonly string[];
}

const SETPRIV = '/usr/bin/setpriv';
const UNPRIVILEGED_USER = 'nobody';

/**
 * Chromium refuses to start its sandbox as root, and a browser that visits hostile pages should own nothing
 * anyway: as root it is started as `nobody`.
 *
 * @returns null when we are not root (the browser runs as ourselves) or when the system has no way to change user
 */
export function unprivilegedBrowserUser(): BrowserUser | null {
  if (process.getuid?.() !== 0 || !existsSync(SETPRIV)) return null;
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === UNPRIVILEGED_USER);
  const uid = Number(entry?.[2] ?? Number.NaN);
  const gid = Number(entry?.[3] ?? Number.NaN);
  if (Number.isNaN(uid) || Number.isNaN(gid)) return null;
  return {
    uid,
    gid,
    command: [SETPRIV, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs', '--'],
  };
}
