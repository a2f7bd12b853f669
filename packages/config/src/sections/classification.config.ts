import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { commaList, documented } from '../setting.ts';

/** What cookies are judged by beside the knowledge that comes with the platform. */
export const classificationConfig = z
  .object({
    FILTER_LISTS: documented(
      z
        .string()
        .default('')
        .transform(commaList)
        .refine((paths) => paths.every((path) => isAbsolute(path)), 'must be a comma list of absolute paths'),
      'Filter lists in the syntax of EasyList, as a comma list of absolute paths. The report service reads them when it starts;\n' +
        'what they say of hosts and addresses counts when unknown cookies are judged. None come with the platform.',
      { example: '/etc/cookie-scanner/easylist.txt,/etc/cookie-scanner/easyprivacy.txt' },
    ),
  })
  .transform((env) => ({ filterLists: env.FILTER_LISTS }));
