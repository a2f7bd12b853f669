import type { ScanProgress } from '@cookie-scanner/contracts';
import type { Redis } from 'ioredis';
import type { RedisOwner } from './open-redis.ts';

interface Watcher {
  readonly scanId: string;
  readonly onProgress: (progress: ScanProgress) => void;
  /** How much this watcher was told, to see whether something newer overtook a look-up. */
  tellings: number;
}

interface Deps {
  readonly redis: RedisOwner;
  readonly latest: (scanId: string) => Promise<ScanProgress | null>;
  readonly parse: (text: string) => ScanProgress | null;
}

interface ProgressSubscriptions {
  add(channel: string, scanId: string, onProgress: (progress: ScanProgress) => void): () => void;
}

/** Keeps who watches which channel, over one connection that is opened with the first watcher. */
export function progressSubscriptions({ redis, latest, parse }: Deps): ProgressSubscriptions {
  const watchers = new Map<string, Set<Watcher>>();
  let subscriber: Redis | undefined;

  function tell(watcher: Watcher, progress: ScanProgress): void {
    watcher.tellings += 1;
    try {
      watcher.onProgress(progress);
    } catch (error) {
      // One watcher's mistake must not cost the others their news.
      redis.logger.error('a watcher of progress threw', { error, scanId: watcher.scanId });
    }
  }

  /** Closes the gap before the subscription stood; what came meanwhile is newer and wins. */
  async function catchUp(watcher: Watcher): Promise<void> {
    const before = watcher.tellings;
    const progress = await latest(watcher.scanId);
    if (progress && watcher.tellings === before) tell(watcher, progress);
  }

  function connect(): Redis {
    const opened = redis.connection('subscriber');
    opened.on('message', (channel, text) => {
      const progress = parse(text);
      if (progress) for (const watcher of watchers.get(channel) ?? []) tell(watcher, progress);
    });
    let wasLost = false;
    opened.on('close', () => {
      wasLost = true;
    });
    opened.on('ready', () => {
      if (!wasLost) return;
      wasLost = false;
      // ioredis subscribes again by itself; what was said while the connection was lost is looked up.
      for (const group of watchers.values()) for (const watcher of group) void catchUp(watcher);
    });
    return opened;
  }

  return {
    add(channel, scanId, onProgress) {
      const connection = (subscriber ??= connect());
      const watcher: Watcher = { scanId, onProgress, tellings: 0 };
      const group = watchers.get(channel) ?? new Set();
      watchers.set(channel, group.add(watcher));
      // Rejects only when the connection is closed for good; then there is nobody left to tell.
      connection.subscribe(channel).then(
        () => (group.has(watcher) ? catchUp(watcher) : undefined),
        () => undefined,
      );

      return () => {
        group.delete(watcher);
        if (group.size > 0 || watchers.get(channel) !== group) return;
        watchers.delete(channel);
        connection.unsubscribe(channel).catch(() => undefined);
      };
    },
  };
}
