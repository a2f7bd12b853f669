import { z } from 'zod';

/** How something was written into the browser; `preset` before the site was visited, because the scan was told to. */
export const setterKindSchema = z.enum(['http', 'javascript', 'cookie-store', 'preset', 'unknown']);
export type SetterKind = z.infer<typeof setterKindSchema>;

/** Whether a setter was seen at work, concluded from other signs, or neither. */
export const setterConfidenceSchema = z.enum(['observed', 'inferred', 'unknown']);
export type SetterConfidence = z.infer<typeof setterConfidenceSchema>;

/**
 * Who wrote something into the visitor's browser.
 *
 * `url` is the request whose response, or the script whose code, did it; null when nobody was seen doing it.
 * `initiators` leads from there outwards: what brought that request or script in, and so on up to the document.
 */
export const setterSchema = z.object({
  kind: setterKindSchema,
  url: z.string().nullable(),
  initiators: z.array(z.string()),
  confidence: setterConfidenceSchema,
});
export type Setter = z.infer<typeof setterSchema>;
