import { z } from 'zod';

const countSchema = z.number().int().min(0);

/** How a page's main document was secured on its way. */
export const tlsObservationSchema = z.object({
  /** As the browser names it, such as `TLS 1.3`. */
  protocol: z.string(),
  cipher: z.string(),
  /** Name of who vouches for the certificate. */
  issuer: z.string(),
  /** Name that it is made out to, and every name it is valid for. */
  subjectName: z.string(),
  subjectNames: z.array(z.string()),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
});
export type TlsObservation = z.infer<typeof tlsObservationSchema>;

/** What a page says of itself, and what it is made of when it has lived. */
export const pageFactsSchema = z.object({
  /** `lang` of the document; null when it has none. */
  language: z.string().nullable(),
  /** `<meta name="generator">`, such as `WordPress 6.8`; null when it has none. */
  generator: z.string().nullable(),
  /** Response headers that say how it wants to be treated, by lower-case name; a header not sent is not there. */
  headers: z.record(z.string(), z.string()),
  scripts: countSchema,
  /** Frames below it, those within frames included. */
  frames: countSchema,
  /** Requests without encryption from a page with it, by address, blocked ones included. */
  mixedContent: z.array(z.string()),
});
export type PageFacts = z.infer<typeof pageFactsSchema>;
