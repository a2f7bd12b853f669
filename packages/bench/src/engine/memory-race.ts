import type { Site } from '@cookie-scanner/test-web';
import { CONTESTANTS, type Arena } from './contestants.ts';
import { treeUsage } from './process-tree.ts';

const AT_ONCE = 4;
/** Sites after which memory is looked at. */
const STEP = 50;

/** Lets the engine visit all sites and prints what it and its browser hold along the way: it should not grow. */
export async function memoryRace(
  sites: readonly Site[],
  arena: Arena,
  leaveOut: ReadonlySet<number>,
  write: (line: string) => void,
): Promise<void> {
  const engine = await CONTESTANTS.engine(arena);
  write('sites  process MiB  with browser MiB');
  try {
    let begun = 0;
    let done = 0;
    const lane = async (): Promise<void> => {
      for (let site = sites[begun++]; site; site = sites[begun++]) {
        await engine.visit(site.url);
        done += 1;
        if (done % STEP > 0) continue;
        const own = process.memoryUsage().rss;
        const { memoryBytes } = treeUsage(process.pid, leaveOut);
        write(
          `${String(done).padStart(5)} ${mebibytes(own).padStart(12)} ${mebibytes(memoryBytes).padStart(17)}`,
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    await engine.close();
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
