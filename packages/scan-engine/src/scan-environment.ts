import type { RunningBrowser } from './browser/launch-browser.ts';
import type { TargetAttacher } from './browser/target-attacher.ts';
import type { EgressPolicy } from './egress/egress-policy.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { VisitorIdentity } from './visitor/visitor-identity.ts';

/** What a scan needs from its engine. */
export interface ScanEnvironment {
  readonly settings: EngineSettings;
  readonly browser: RunningBrowser;
  /** What every target says of itself; null where the browser speaks for itself. */
  readonly identity: VisitorIdentity | null;
  readonly attacher: TargetAttacher;
  /** Whether pages' icons must be asked for, because this browser does not do it by itself. */
  readonly requestsFavicons: boolean;
  /** Zone of the machine, as this browser tells it to pages; null when it did not say. */
  readonly timeZone: string | null;
  readonly thirdPartyCookies: 'allowed' | 'blocked' | 'untested';
  readonly egressPolicy: EgressPolicy;
}
