// Plain JavaScript, because scripts/bootstrap.mjs uses this before anything is installed or built.

/**
 * Exit codes of every command; packages/cli/README.md lists them for users.
 *
 * @see https://man.freebsd.org/cgi/man.cgi?query=sysexits for 64 and above
 */
export const EXIT_CODES = /** @type {const} */ ({
  ok: 0,
  /** Tests or checks ran and some did not pass. */
  failed: 1,
  /** A finding reached the severity that the user gave with --fail-on. */
  findings: 2,
  /** The site could not be scanned: unreachable, or it refused us. */
  siteFailed: 3,
  /** Bad input: not a URL, an unknown option, a setting that cannot be read. */
  usage: 64,
  /** Something is missing on this machine: Chromium, Redis, a network to install from. */
  unavailable: 69,
  /** A fault of the platform itself. */
  internal: 70,
  /** A file could not be written: no space left, or no permission. */
  cannotWrite: 73,
  /** Something else is in the way for now: a port is taken, another run has not ended. */
  temporary: 75,
  interrupted: 130,
});
