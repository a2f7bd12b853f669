import { z } from 'zod';
import { uniqueArray } from './text.ts';

/** Most labels of one worker, and most that one scan may ask for: a worker serves every combination of its own. */
export const WORKER_LABELS_MAX = 3;

/** What a worker says of itself, as `region=eu` or `phone`: where it stands, what it reaches, what it is. */
export const workerLabelSchema = z
  .string()
  .max(65, { error: 'has more than 65 characters', abort: true })
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,31}(?:=[a-z0-9][a-z0-9._-]{0,31})?$/,
    'write a label such as region=eu: lower-case letters, digits and . _ -, at most 32 on each side of =',
  );

/** Labels in the order of the alphabet, so that two lists of the same ones are equal. */
export const workerLabelsSchema = uniqueArray(workerLabelSchema)
  .max(WORKER_LABELS_MAX, `names more than ${WORKER_LABELS_MAX} labels`)
  .overwrite((labels) => labels.toSorted());

/** Every combination of these labels, the empty one first: the pools that a worker with them belongs to. */
export function poolsOf(labels: readonly string[]): string[][] {
  return labels
    .toSorted()
    .reduce<string[][]>((pools, label) => [...pools, ...pools.map((pool) => [...pool, label])], [[]]);
}
