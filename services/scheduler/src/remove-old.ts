import type { ArtifactStore } from '@cookie-scanner/artifacts';
import {
  RETENTION_KINDS,
  type OldestKept,
  type RetentionKind,
  type RetentionPeriods,
  type RetentionRepository,
} from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';

/** What is removed, where from, and who is told. */
export interface RemovalOptions {
  readonly retention: RetentionRepository;
  readonly artifacts: Pick<ArtifactStore, 'delete'>;
  readonly periods: RetentionPeriods;
  readonly logger: Logger;
  /** Told after each batch how many of a kind went. */
  readonly onRemoved?: (kind: RetentionKind | 'removed_files', count: number) => void;
  /** Told at the end of a turn how old the oldest of each kind is that is kept. */
  readonly onOldest?: (ages: OldestKept) => void;
  readonly onFailed?: () => void;
}

/** When to stop, and how to let others come in between. */
interface Turn {
  isOver(): boolean;
  pause(): Promise<void>;
}

/** Folders of files removed between two looks at the database. */
const FILES_BATCH_SIZE = 100;

/** Removes what is older than it is kept, kind by kind, until nothing of it is left or the turn is over. */
export async function removeOld(options: RemovalOptions, turn: Turn): Promise<void> {
  const { retention, logger, onOldest } = options;
  const removed: Record<string, number> = {};
  const kinds = [...RETENTION_KINDS, 'removed_files' as const];
  for (const kind of kinds) {
    try {
      const count = await removeKind(kind, options, turn);
      if (count > 0) removed[kind] = count;
    } catch (error) {
      // What holds one kind up, such as a folder that cannot be written, must not keep all others.
      options.onFailed?.();
      logger.warn('what is old could not be removed; it is tried again', { kind, error });
    }
  }
  if (Object.keys(removed).length > 0) {
    logger.info('removed what is older than it is kept', { removed, isComplete: !turn.isOver() });
  }
  onOldest?.(await retention.oldestKept());
}

/** Removes batches of a kind until nothing of it is left or the turn is over; returns how many went. */
async function removeKind(
  kind: RetentionKind | 'removed_files',
  options: RemovalOptions,
  turn: Turn,
): Promise<number> {
  let total = 0;
  while (!turn.isOver()) {
    const batch = kind === 'removed_files' ? await removeFiles(options) : await removeRows(kind, options);
    // Another scheduler is at it.
    if (batch === null) return total;
    total += batch.removedCount;
    if (batch.removedCount > 0) options.onRemoved?.(kind, batch.removedCount);
    if (!batch.isFull) return total;
    await turn.pause();
  }
  return total;
}

function removeRows(kind: RetentionKind, { retention, periods }: RemovalOptions) {
  return retention.removeBatch(kind, periods);
}

/** Removes files whose rows are gone. Doing it twice, or two at once, does no harm. */
async function removeFiles({ retention, artifacts }: RemovalOptions) {
  const files = await retention.listRemovedFiles(FILES_BATCH_SIZE);
  for (const { prefix } of files) await artifacts.delete(prefix);
  await retention.forgetRemovedFiles(files.map(({ id }) => id));
  return { removedCount: files.length, isFull: files.length === FILES_BATCH_SIZE };
}
