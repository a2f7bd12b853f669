import type { Terminal } from '../terminal/terminal.ts';

/** A terminal that keeps what is written to it. */
export function recordingTerminal(options: { isLive?: boolean; widthMax?: number } = {}): Terminal & {
  readonly written: { out: string; err: string };
} {
  const written = { out: '', err: '' };
  return {
    written,
    async out(text) {
      written.out += text;
    },
    err: (text) => void (written.err += text),
    isLive: options.isLive ?? false,
    widthMax: options.widthMax ?? 120,
  };
}
