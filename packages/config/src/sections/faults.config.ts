import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { documented } from '../setting.ts';

/**
 * Steps of a scan's way at which a process can be made to die, to prove that none of them loses anything. Worker: `claim` the
 * scan is ours, `launch`, `navigate` and `collect` as the engine reports them, `store` the observation is a file, `commit`
 * the result is in the database, `acknowledge` all is done but the queue does not know. Report service: `analyse` the
 * judgement is made and not stored. Scheduler: `relay` before jobs are handed to a queue, `publish` when they are handed over
 * and the outbox does not know.
 */
const CRASH_STEPS = [
  ...(['claim', 'launch', 'navigate', 'collect', 'store', 'commit', 'acknowledge'] as const),
  ...(['analyse', 'relay', 'publish'] as const),
] as const;

/** One of these steps. */
export type CrashStep = (typeof CRASH_STEPS)[number];

/** Faults that a process brings on itself, for tests. */
export const faultsConfig = guarded(
  z.object({
    ...productionSettings,
    CRASH_AT: documented(
      z
        .enum(CRASH_STEPS, { error: `must be one of ${CRASH_STEPS.join(', ')}` })
        .nullable()
        .default(null),
      'Kills the process, as if by kill -9, when it comes to this step of a scan. For tests of recovery.',
      { example: 'navigate' },
    ),
  }),
).transform((env) => ({ crashAt: env.CRASH_AT }));
