import { z } from 'zod';
import { setterConfidenceSchema } from './setter.ts';

const countSchema = z.number().int().min(0);
const atMsSchema = z.number().min(0);

/** How often a script used one part of a browser's interfaces. */
export const apiUseSchema = z.object({
  /** Interface and member, such as `Navigator.hardwareConcurrency` or `WebGLRenderingContext.getParameter`. */
  api: z.string(),
  /** Calls, or readings of a property; at least, because what is repeated often is counted in samples. */
  count: z.number().int().min(1),
});
export type ApiUse = z.infer<typeof apiUseSchema>;

/** A script read back what it had drawn on a canvas, once or several times in the same way. */
export const canvasReadSchema = z.object({
  /** Such as `toDataURL` or `getImageData`. */
  api: z.string(),
  count: z.number().int().min(1),
  /** Size of the canvas, and of the part that was read, in its own pixels. */
  widthPx: countSchema,
  heightPx: countSchema,
  readWidthPx: countSchema,
  readHeightPx: countSchema,
  /** Texts drawn on it so far. */
  textCount: countSchema,
  /** Most different characters in one of them. */
  charactersMax: countSchema,
  /** Different fills that texts were drawn with. */
  colourCount: countSchema,
  /** Whether the drawing saved or restored the state of its pen, as those of charts and games do. */
  savesState: z.boolean(),
  /** Whether the canvas stood in the document; those that nobody is meant to see do not. */
  isInDocument: z.boolean(),
});
export type CanvasRead = z.infer<typeof canvasReadSchema>;

/** What one script asked the browser about itself and its machine: facts that together can tell visitors apart. */
export const fingerprintingObservationSchema = z.object({
  /** Script whose code did it, by the browser's own call stack; the document where code has no address. */
  scriptUrl: z.string(),
  /** What brought the script in, outwards to the document. */
  initiators: z.array(z.string()),
  confidence: setterConfidenceSchema,
  /** Addresses of documents and workers in which it did so. */
  documentUrls: z.array(z.string()),
  /** When it was first seen doing so, from the start of the scan. */
  atMs: atMsSchema,
  apis: z.array(apiUseSchema),
  canvasReads: z.array(canvasReadSchema),
  /** Different fonts that texts were measured in, or that were asked for. */
  fontsProbed: countSchema,
  /** Different parameters and extensions that WebGL was asked for. */
  webglParameters: countSchema,
});
export type FingerprintingObservation = z.infer<typeof fingerprintingObservationSchema>;

/** How a value was written when it left the page. */
export const valueEncodingSchema = z.enum([
  'plain',
  'percent',
  'base64',
  'hex',
  'md5',
  'sha1',
  'sha256',
  'sha512',
]);
export type ValueEncoding = z.infer<typeof valueEncodingSchema>;

/** What carried a value: part of a request, a frame of a WebSocket, or the visitor's own browser. */
export const leakChannelSchema = z.enum([
  'get_query',
  'post_body',
  'beacon',
  'fetch_keepalive',
  'websocket',
  'image',
  'path',
  'referer',
  'header',
  'cookie',
  'local_storage',
  'session_storage',
]);
export type LeakChannel = z.infer<typeof leakChannelSchema>;

/** Something that was typed into a form went somewhere although nobody sent the form. */
export const formLeakSchema = z.object({
  /** What the field is for, as far as it shows: `email`, `password`, or `text`. */
  field: z.enum(['email', 'password', 'text']),
  channel: leakChannelSchema,
  encoding: valueEncodingSchema,
  /** Address it went to, or whose storage it is in, without query and fragment. */
  url: z.string(),
  host: z.string(),
  /** Page on which it was typed. */
  pageUrl: z.string(),
  /** Script or document that sent it, and so on outwards. */
  initiators: z.array(z.string()),
  atMs: atMsSchema,
  count: z.number().int().min(1),
});
export type FormLeak = z.infer<typeof formLeakSchema>;

/** The value of a cookie, or of a parameter, that one host was given and another one got too. */
export const identifierTransferSchema = z.object({
  /** Host whose cookie or parameter it is. */
  fromHost: z.string(),
  toHost: z.string(),
  /** `redirect`: the first host's own answer sent the browser there; otherwise what part of a request had it. */
  carriedBy: z.enum(['redirect', 'query', 'path', 'body', 'referer', 'websocket']),
  encoding: valueEncodingSchema,
  /** Cookie it is in at the first host; null for a parameter. */
  fromCookie: z.string().nullable(),
  /** Cookie in which the second host keeps the same value; null when it keeps none. */
  toCookie: z.string().nullable(),
  /** Name of the parameter that carried it; null where it had none. */
  parameter: z.string().nullable(),
  /** Address that got it, without query and fragment. */
  url: z.string(),
  /** Who sent it there, outwards to the document. */
  initiators: z.array(z.string()),
  /** Hash of the value, hexadecimal, with a key of this scan: tells equal values from different ones within it. */
  valueHash: z.string(),
  atMs: atMsSchema,
  count: z.number().int().min(1),
});
export type IdentifierTransfer = z.infer<typeof identifierTransferSchema>;
