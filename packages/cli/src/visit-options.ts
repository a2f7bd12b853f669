import { scanModeSchema, scanParamsSchema, screenshotModeSchema } from '@cookie-scanner/contracts';
import { InvalidArgumentError, Option } from 'commander';
import {
  depthMaxOption,
  jarOption,
  pagesMaxOption,
  robotsOption,
  samplesPerPatternMaxOption,
} from './exploration-options.ts';
import {
  deviceOption,
  localeOption,
  timeZoneOption,
  userAgentOption,
  viewportOption,
} from './visitor-options.ts';

/** Bounds of the API, so that a bad value is refused before anything starts. */
const timeoutSchema = scanParamsSchema.shape.timeoutMs;

/** Everything that says how a site is visited, by whichever command. New ones at each call, as commander wants. */
export function visitOptions(): readonly Option[] {
  return [
    new Option(
      '--profile <file>',
      'JSON file with "params" of the scan and "access", which opens the site; options stand before it',
    ),
    screenshotsOption(),
    new Option('--har', 'record every request, beside the results'),
    skipMediaBodiesOption(),
    modeOption(),
    timeoutOption(),
    pagesMaxOption(),
    depthMaxOption(),
    samplesPerPatternMaxOption(),
    robotsOption(),
    jarOption(),
    deviceOption(),
    viewportOption(),
    localeOption(),
    timeZoneOption(),
    userAgentOption(),
  ];
}

function modeOption(): Option {
  return new Option('--mode <mode>', 'how far a scan goes').choices(scanModeSchema.options);
}

function timeoutOption(): Option {
  return new Option('--timeout-ms <number>', 'hard limit of one scan in milliseconds').argParser(
    parseTimeout,
  );
}

function screenshotsOption(): Option {
  return new Option(
    '--screenshots [mode]',
    'pictures of the first pages, of what is visible or of the full page',
  )
    .choices(screenshotModeSchema.exclude(['none']).options)
    .preset('viewport');
}

function skipMediaBodiesOption(): Option {
  return new Option(
    '--skip-media-bodies',
    'leave away all but the beginning of large images and recordings, and large fonts, where no pictures are taken',
  );
}

function parseTimeout(text: string): number {
  const result = timeoutSchema.safeParse(Number(text));
  if (result.success) return result.data;
  throw new InvalidArgumentError('Give a whole number of milliseconds from 5000 to 600000.');
}
