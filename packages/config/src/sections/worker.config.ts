import { workerLabelsSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { commaList, documented } from '../setting.ts';

/** What a worker says of itself. */
export const workerConfig = z
  .object({
    WORKER_LABELS: documented(
      z
        .string()
        .default('')
        .transform(commaList)
        .refine(
          (labels) => workerLabelsSchema.safeParse(labels).success,
          'must be at most 3 different labels such as region=eu, with a comma between them',
        )
        .transform((labels) => labels.toSorted()),
      'Labels of a worker, at most three: where it stands, what it reaches, what it is. Scans that ask for some of them run\n' +
        'only on workers that have all of those. Scans that ask for none run on every worker.',
      { example: 'region=eu,zone=intranet' },
    ),
  })
  .transform((env) => ({ labels: env.WORKER_LABELS }));
