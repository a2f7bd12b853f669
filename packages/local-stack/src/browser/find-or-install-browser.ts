import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '@cookie-scanner/errors';
import { findBrowserExecutable } from '@cookie-scanner/scan-engine';
import type { Announce } from '../announce.ts';
import { canInstallWithApt, hasApt, installWithApt } from '../machine/apt.ts';
import { isExecutableFile } from '../machine/find-program.ts';

/**
 * The headless shell needs less than half of the CPU of a full Chromium. Pages without any font do not lay out. The
 * program `ip` makes the browser's network namespace.
 */
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'fonts-liberation', 'iproute2'];

interface FindBrowserOptions {
  /** What the setting SCAN_BROWSER_EXECUTABLE names; null when it is not set. */
  readonly configured: string | null;
  readonly searchPath: string;
  readonly announce: Announce;
}

/**
 * The browser that scans will use: the one the settings name, else an installed one, else Debian's, which is installed
 * where we may.
 *
 * @throws AppError MACHINE_NOT_READY naming the command to run on this system
 */
export async function findOrInstallBrowser({
  configured,
  searchPath,
  announce,
}: FindBrowserOptions): Promise<string> {
  if (configured !== null) {
    if (isExecutableFile(configured)) return configured;
    const message = `SCAN_BROWSER_EXECUTABLE names ${configured}, which is not a program; name a Chromium or leave the setting out.`;
    throw new AppError('MACHINE_NOT_READY', message);
  }
  const found = findBrowserExecutable(searchPath);
  if (found !== null) return found;
  if (canInstallWithApt() && !isUbuntu()) await installWithApt(DEBIAN_PACKAGES, announce);
  const installed = findBrowserExecutable(searchPath);
  if (installed !== null) return installed;
  throw new AppError(
    'MACHINE_NOT_READY',
    `Chromium was not found; install it (${installHint()}), or name one in SCAN_BROWSER_EXECUTABLE.`,
  );
}

/** Ubuntu's packages of that name only lead to a snap, which cannot be driven from here. */
function isUbuntu(): boolean {
  return existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function installHint(): string {
  if (process.platform === 'darwin') return 'brew install --cask google-chrome';
  if (isUbuntu())
    return 'download Google Chrome from https://www.google.com/chrome and run sudo apt-get install ./google-chrome-stable_current_amd64.deb';
  if (hasApt()) return `sudo apt-get update && sudo apt-get install ${DEBIAN_PACKAGES.join(' ')}`;
  if (existsSync('/usr/bin/dnf')) return 'sudo dnf install chromium-headless';
  if (existsSync('/usr/bin/pacman')) return 'sudo pacman -S chromium';
  if (existsSync('/sbin/apk')) return 'apk add chromium';
  return "your system's package chromium";
}
