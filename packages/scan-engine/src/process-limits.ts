import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel lets this process have; Infinity where it sets no limit, or does not say. */
export interface ProcessLimits {
  /** Open files, sockets among them. */
  readonly openFilesMax: number;
  /** Processes and threads of the user that this process runs as. */
  readonly processesMax: number;
}

/** Reads the limits as they are now: they can be changed from outside. */
export function processLimits(): ProcessLimits {
  const text = read('/proc/self/limits');
  const limitOf = (name: string): number => {
    const value = new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1];
    return value === undefined ? Infinity : Number(value);
  };
  return { openFilesMax: limitOf('Max open files'), processesMax: limitOf('Max processes') };
}

/** How many more files this process may open; Infinity where nobody says. */
export function openFilesLeft(): number {
  const { openFilesMax } = processLimits();
  try {
    return openFilesMax - readdirSync('/proc/self/fd').length;
  } catch (error) {
    // Looking takes a file, too.
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'EMFILE' || code === 'ENFILE' ? 0 : Infinity;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // Not on this system.
  }
}
