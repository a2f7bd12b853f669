import type { LiveAdmission } from '@cookie-scanner/contracts';
import { CLOSE, type Farewell } from './close-codes.ts';

/** How many live connections there may be. */
export interface LiveLimits {
  /** Of this gateway. */
  readonly connectionsMax: number;
  readonly perWorkspaceMax: number;
  readonly perPersonMax: number;
}

interface Someone {
  readonly userId: string;
}

/** Who is connected already. */
interface Crowd {
  /** To this gateway, whatever their workspace. */
  readonly here: readonly LiveAdmission[];
  /** To the workspace, over all gateways, as Redis knows them. */
  readonly inWorkspace: readonly Someone[];
}

/**
 * Why one more connection is too many; null when it is not. Exact for this gateway; between gateways a few may come in at
 * the same moment.
 */
export function tooMany(
  { userId, workspaceId }: LiveAdmission,
  { here, inWorkspace }: Crowd,
  { perPersonMax, perWorkspaceMax }: LiveLimits,
): Farewell | null {
  const isTheirs = (someone: Someone): boolean => someone.userId === userId;
  const own = Math.max(here.filter(isTheirs).length, inWorkspace.filter(isTheirs).length);
  if (own >= perPersonMax) return { code: CLOSE.tooMany, reason: 'too many windows of yours' };
  const hereInWorkspace = here.filter((each) => each.workspaceId === workspaceId).length;
  const isFull = Math.max(hereInWorkspace, inWorkspace.length) >= perWorkspaceMax;
  return isFull ? { code: CLOSE.tooMany, reason: 'the workspace is full' } : null;
}
