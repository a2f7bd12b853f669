import {
  localeSchema,
  timeZoneSchema,
  userAgentSchema,
  viewportSchema,
  visitorDeviceSchema,
  type Viewport,
} from '@cookie-scanner/contracts';
import { InvalidArgumentError, Option } from 'commander';

// Options that say how the visitor of a scan looks. Values are those of the API, so that a bad one is refused before
// anything starts.

/** `--device`: what the visitor holds in the hands. */
export function deviceOption(): Option {
  return new Option('--device <device>', 'what the visitor uses').choices(visitorDeviceSchema.options);
}

/** `--viewport`: size of the visible part of pages. */
export function viewportOption(): Option {
  return new Option(
    '--viewport <width>x<height>',
    'visible size in CSS pixels, such as 1280x800 (default: the device’s own)',
  ).argParser(parseViewport);
}

/** `--locale`: language of the visitor. */
export function localeOption(): Option {
  return textOption('--locale <tag>', 'language of the visitor, such as de-DE', localeSchema);
}

/** `--time-zone`: where the visitor's clock is. */
export function timeZoneOption(): Option {
  return textOption('--time-zone <name>', 'time zone of the visitor, such as Europe/Berlin', timeZoneSchema);
}

/** `--user-agent`: what the browser says of itself. */
export function userAgentOption(): Option {
  return textOption('--user-agent <text>', 'user agent in place of the device’s own', userAgentSchema);
}

function textOption(flags: string, description: string, schema: typeof localeSchema): Option {
  return new Option(flags, description).argParser((text: string) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues[0]?.message ?? 'is not valid'}.`);
  });
}

function parseViewport(text: string): Viewport {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  const result = viewportSchema.safeParse({ width: Number(width), height: Number(height) });
  if (result.success) return result.data;
  throw new InvalidArgumentError('Give width and height such as 1280x800, from 240x240 to 3840x4320.');
}
