import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Names of browsers the engine can drive, best first. The headless shell costs less than half of the CPU of a
 * full Chromium for the same page.
 */
const BROWSER_NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
];

/** Places outside the search path where a Chromium usually is. */
const WELL_KNOWN_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The browser that scans will use, or null when none is installed.
 *
 * @param searchPath - folders separated as in the PATH variable, which is also the default
 */
export function findBrowserExecutable(searchPath: string = process.env['PATH'] ?? ''): string | null {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  const candidates = BROWSER_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...WELL_KNOWN_PATHS].find(isExecutableFile) ?? null;
}

/** True for the small browser without a window system, which takes other flags than a full Chromium. */
export function isHeadlessShell(executablePath: string): boolean {
  return executablePath.includes('headless-shell') || executablePath.includes('headless_shell');
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there or not ours to run: simply not a candidate.
  }
}
