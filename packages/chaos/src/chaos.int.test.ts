import { describe, expect, it } from '@jest/globals';
import { trivialEngineUse } from './platform/engine-use.ts';
import { runChaos } from './run-chaos.ts';

/** Above what the run itself allows for starting and coming to rest; in ordinary times it takes about a minute. */
const TEST_TIMEOUT_MS = 1_500_000;
const DURATION_MS = 20_000;
/** The same faults every time, so that what fails is what was changed; long runs take another seed each. */
const SEED = 5;

describe('a platform whose parts are killed, stopped, cut off and emptied', () => {
  it(
    'ends every scan that it accepted exactly once, and says what is wrong meanwhile',
    async () => {
      const lines: string[] = [];
      const seed = Number(process.env['CHAOS_SEED'] ?? SEED);
      const { acceptedCount, problems } = await runChaos({
        seed,
        durationMs: DURATION_MS,
        engine: trivialEngineUse(),
        isLong: false,
        checksTimes: false,
        searchPath: process.env['PATH'] ?? '',
        say: (line) => lines.push(line),
      });
      // With what happened, so that the seed can be tried again.
      if (problems.length > 0) throw new Error([...problems, ...lines].join('\n'));
      expect(acceptedCount).toBeGreaterThan(1);
    },
    TEST_TIMEOUT_MS,
  );
});
