import puppeteer from 'puppeteer';
import { browserArguments } from './browser-arguments.ts';
import { unprivilegedBrowserUser } from './browser-user.ts';
import { findBrowserExecutable } from './find-browser.ts';
import { createProfileFolder, removeProfileFolder } from './profile-folder.ts';

/** What keeps a browser from going beside its gateway; without these it is any browser. */
const CONTAINMENT = /^--(proxy-|webrtc-|force-webrtc-|disable-quic|dns-prefetch-disable|host-resolver-rules)/;

/**
 * Visits a page with the engine's browser but none of its containment, until `isEnough` holds: the proof that what
 * a page tries would succeed if nobody kept it from doing so.
 */
export async function visitUncontained(
  url: string,
  hostResolverRules: string,
  isEnough: () => Promise<void>,
): Promise<void> {
  const executablePath = findBrowserExecutable();
  if (executablePath === null) throw new Error('these tests need a Chromium');
  const user = unprivilegedBrowserUser();
  const profileDir = await createProfileFolder(user);
  const options = {
    executablePath,
    profileDir,
    ignoreCertificateErrors: true,
    identity: 'visitor',
    userAgent: null,
  } as const;
  const flags = browserArguments({ ...options, sandbox: false }).filter((flag) => !CONTAINMENT.test(flag));
  const commandLine = [executablePath, `--host-resolver-rules=${hostResolverRules}`, ...flags];
  const [program, ...args] = [...(user?.command ?? []), ...commandLine] as [string, ...string[]];
  const browser = await puppeteer.launch({
    executablePath: program,
    args,
    ignoreDefaultArgs: true,
    pipe: true,
    env: { HOME: profileDir },
  });
  try {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await isEnough();
  } finally {
    await browser.close();
    await removeProfileFolder(profileDir);
  }
}
