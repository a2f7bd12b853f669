import { workerLabelsSchema } from '@cookie-scanner/contracts';
import { InvalidArgumentError, Option } from 'commander';

/** `--worker-labels`: which workers may run the scan. Checked as the API does, before anything starts. */
export function workerLabelsOption(): Option {
  return new Option(
    '--worker-labels <list>',
    'labels that the worker must have, such as region=eu,zone=intranet (default: any worker)',
  ).argParser((text: string) => {
    const result = workerLabelsSchema.safeParse(text.split(',').map((label) => label.trim()));
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues[0]?.message ?? 'is not valid'}.`);
  });
}
