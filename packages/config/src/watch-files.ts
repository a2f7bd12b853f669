import { statSync } from 'node:fs';

interface FileWatch {
  /** Watches these files from now on, and no others. */
  readonly follow: (paths: readonly string[]) => void;
  readonly close: () => void;
}

/**
 * Calls `onChange` after one of the files was written, replaced, made or removed, and once at the beginning, for what
 * happened between the reading of the files and the watch.
 *
 * Looks at the files from time to time: events of the kernel are lost where files are mounted into containers, come by
 * network, or are symbolic links that are swapped. Waits until two looks see the same, because an editor may write a
 * file in several goes. Does not keep the process alive.
 */
export function watchFiles(paths: readonly string[], pollMs: number, onChange: () => void): FileWatch {
  let watched = paths;
  /** What the files looked like when they were last read; null before the first look. */
  let known: string | null = null;
  let lastSeen: string | null = null;

  const timer = setInterval(() => {
    const seen = looksOf(watched);
    const isSettled = seen === lastSeen;
    lastSeen = seen;
    if (!isSettled || seen === known) return;
    known = seen;
    onChange();
  }, pollMs);
  timer.unref();

  return {
    follow(next) {
      if (next.join('\n') === watched.join('\n')) return;
      watched = next;
      known = lastSeen = looksOf(next);
    },
    close: () => clearInterval(timer),
  };
}

/** Differs whenever one of the files does. */
function looksOf(paths: readonly string[]): string {
  return paths.map(looksOfOne).join('\n');
}

function looksOfOne(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
    return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : 'absent';
  } catch (error) {
    // Why it cannot be read is told by whoever reads it.
    return String((error as NodeJS.ErrnoException).code);
  }
}
