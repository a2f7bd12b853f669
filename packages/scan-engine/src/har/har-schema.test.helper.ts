import { z } from 'zod';

const size = z.number().int().min(-1);
const milliseconds = z.number().min(-1);
const pair = z.object({ name: z.string(), value: z.string() });
const cookie = pair.extend({
  path: z.string().optional(),
  domain: z.string().optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  httpOnly: z.boolean().optional(),
  secure: z.boolean().optional(),
  comment: z.string().optional(),
});
const message = z.object({
  httpVersion: z.string().min(1),
  cookies: z.array(cookie),
  headers: z.array(pair),
  headersSize: size,
  bodySize: size,
});

const entry = z
  .object({
    pageref: z.string().optional(),
    startedDateTime: z.iso.datetime({ offset: true }),
    time: z.number().min(0),
    request: message.extend({ method: z.string().min(1), url: z.string(), queryString: z.array(pair) }),
    response: message.extend({
      status: z.number().int().min(0),
      statusText: z.string(),
      content: z.object({ size, compression: z.number().int().optional(), mimeType: z.string() }),
      redirectURL: z.string(),
      _error: z.string().nullable(),
    }),
    cache: z.object({}),
    timings: z.object({
      blocked: milliseconds,
      dns: milliseconds,
      connect: milliseconds,
      ssl: milliseconds,
      send: z.number().min(0),
      wait: z.number().min(0),
      receive: z.number().min(0),
    }),
    serverIPAddress: z.string().optional(),
    connection: z.string().optional(),
    _initiators: z.array(z.string()),
    _resourceType: z.string(),
  })
  .refine(
    ({ time, timings: { blocked, dns, connect, send, wait, receive } }) =>
      Math.abs(
        time - [blocked, dns, connect, send, wait, receive].reduce((sum, ms) => sum + Math.max(0, ms), 0),
      ) < 0.01,
    'time is not the sum of its phases',
  );

/**
 * What every reader of HTTP Archives relies on.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export const harSchema = z
  .object({
    log: z.object({
      version: z.literal('1.2'),
      creator: z.object({ name: z.string().min(1), version: z.string().min(1) }),
      browser: z.object({ name: z.string().min(1), version: z.string().min(1) }),
      pages: z.array(
        z.object({
          startedDateTime: z.iso.datetime({ offset: true }),
          id: z.string(),
          title: z.string(),
          pageTimings: z.object({ onContentLoad: milliseconds, onLoad: milliseconds }),
        }),
      ),
      entries: z.array(entry),
    }),
  })
  .refine(
    ({ log: { pages, entries } }) =>
      entries.every(({ pageref }) => pageref === undefined || pages.some(({ id }) => id === pageref)),
    'an entry names a page that is not there',
  );
