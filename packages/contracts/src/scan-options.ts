import { z } from 'zod';

/**
 * What values the options of a browser visit may have. An option joins `scanParamsSchema` when the engine obeys it.
 */

/** Size of the visible part of a page in CSS pixels. */
export const viewportSchema = z.strictObject({
  width: z.number().int().min(240).max(3_840),
  height: z.number().int().min(240).max(4_320),
  /** Physical pixels per CSS pixel; left out for the device's own. */
  deviceScaleFactor: z.number().min(1).max(4).optional(),
  /** Whether pages lay themselves out for a small screen; left out for what the device does. */
  isMobile: z.boolean().optional(),
});
export type Viewport = z.infer<typeof viewportSchema>;

/** A user agent, as it stands in the header: printable ASCII. */
export const userAgentSchema = z
  .string()
  .min(1)
  .max(512)
  .regex(
    /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
    'contains something else than printable ASCII characters',
  );

/** A language tag that this platform's Unicode data knows, such as `de-DE`. */
export const localeSchema = z
  .string()
  .max(35, { error: 'has more than 35 characters', abort: true })
  .refine(isLocale, 'is not a language such as de or de-DE');

/** Most pages of one scan. */
export const pagesMaxSchema = z.number().int().min(1).max(500);

/** Most links followed one after the other from the start page; 0 visits the start page alone. */
export const depthMaxSchema = z.number().int().min(0).max(10);

/** Most pages whose addresses look alike, such as `/product/1` and `/product/2`. */
export const samplesPerPatternMaxSchema = z.number().int().min(1).max(500);

/** Whether pages that robots.txt closes to robots are visited when a link leads there. */
export const robotsPolicySchema = z.enum(['respect', 'ignore']);
export type RobotsPolicy = z.infer<typeof robotsPolicySchema>;

/** Whether one visitor goes through all pages of a scan, or each page gets a visitor who was never there before. */
export const jarModeSchema = z.enum(['session', 'isolated']);
export type JarMode = z.infer<typeof jarModeSchema>;

/**
 * Headers that belong to the browser, or that would speak for somebody else or past the egress gateway.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
const FORBIDDEN_HEADER =
  /^(?:accept-charset|accept-encoding|access-control-.*|connection|content-length|cookie2?|date|dnt|expect|forwarded|host|keep-alive|origin|proxy-.*|referer|sec-.*|set-cookie2?|te|trailer|transfer-encoding|upgrade|user-agent|via|x-forwarded-.*|x-real-ip)$/;
const EXTRA_HEADERS_MAX = 20;

const extraHeaderSchema = z.strictObject({
  /** A token of RFC 9110, in lower case. */
  name: z
    .string()
    .max(100)
    .toLowerCase()
    .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'is not the name of a header')
    .refine((name) => !FORBIDDEN_HEADER.test(name), 'names a header that the browser sets itself'),
  value: z
    .string()
    .max(2_048)
    .regex(
      /^(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?$/,
      'contains something else than printable ASCII characters',
    ),
});

/** Further request headers for the site's own host; each name once. */
export const extraHeadersSchema = z
  .array(extraHeaderSchema)
  .max(EXTRA_HEADERS_MAX)
  .refine(
    (headers) => new Set(headers.map(({ name }) => name)).size === headers.length,
    'names a header twice',
  );

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([tag]).length === 1;
  } catch {
    return false; // RangeError: not even the form of a language tag.
  }
}
