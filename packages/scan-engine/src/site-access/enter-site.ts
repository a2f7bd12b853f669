import type { SiteAccess } from '@cookie-scanner/contracts';
import type { Deadline } from '../deadline.ts';
import type { ScanSession } from '../scan-session.ts';
import { replayLogin, type Login } from './login/replay-login.ts';
import { presetCookies, type BroughtCookie } from './preset-cookies.ts';

/** How a session got into the site. */
export interface SiteEntry {
  readonly brought: readonly BroughtCookie[];
  /** Null when there was no login to replay. */
  readonly login: Login | null;
}

/** What entering depends on. */
export interface EntryPlan {
  readonly startUrl: string;
  readonly deadline: Deadline;
  readonly bytesReceived: () => number;
}

/** Does everything that must be done in a fresh session before its site is visited: brings cookies along, logs in. */
export async function enterSite(scan: ScanSession, access: SiteAccess, plan: EntryPlan): Promise<SiteEntry> {
  const brought = await presetCookies(scan.context, access.cookies, plan.startUrl);
  return { brought, login: access.login && (await replayLogin(scan, access.login, plan)) };
}
