import {
  depthMaxSchema,
  jarModeSchema,
  pagesMaxSchema,
  robotsPolicySchema,
  samplesPerPatternMaxSchema,
} from '@cookie-scanner/contracts';
import { InvalidArgumentError, Option } from 'commander';

// Options that say which pages of a site a scan visits. Values are those of the API, so that a bad one is refused
// before anything starts.

/** `--pages-max`: how many pages of a site are visited. */
export function pagesMaxOption(): Option {
  return numberOption(
    '--pages-max <number>',
    'pages of a site at most (default: quick 1, standard 4, deep 25)',
    pagesMaxSchema,
  );
}

/** `--depth-max`: how far from the start page. */
export function depthMaxOption(): Option {
  return numberOption(
    '--depth-max <number>',
    'links followed one after the other at most (default: standard 3, deep 5)',
    depthMaxSchema,
  );
}

/** `--samples-per-pattern-max`: how many pages that look alike. */
export function samplesPerPatternMaxOption(): Option {
  return numberOption(
    '--samples-per-pattern-max <number>',
    'pages at most whose addresses look alike, such as /product/1 and /product/2 (default: 10)',
    samplesPerPatternMaxSchema,
  );
}

/** `--robots`: whether robots.txt is obeyed. */
export function robotsOption(): Option {
  return new Option(
    '--robots <policy>',
    'respect robots.txt when choosing further pages, or ignore it (default: respect)',
  ).choices(robotsPolicySchema.options);
}

/** `--jar`: whether cookies are kept from page to page. */
export function jarOption(): Option {
  return new Option(
    '--jar <mode>',
    'keep cookies from page to page in one session, or give each page a clean browser (default: session)',
  ).choices(jarModeSchema.options);
}

function numberOption(flags: string, description: string, schema: typeof pagesMaxSchema): Option {
  return new Option(flags, description).argParser((text: string) => {
    const result = schema.safeParse(/^\d+$/.test(text) ? Number(text) : Number.NaN);
    if (result.success) return result.data;
    const { minValue, maxValue } = schema;
    throw new InvalidArgumentError(`Give a whole number from ${String(minValue)} to ${String(maxValue)}.`);
  });
}
