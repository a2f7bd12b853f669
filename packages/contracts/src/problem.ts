import { z } from 'zod';

/** One part of a request that is not as expected. */
const problemFieldSchema = z.object({
  /** JSON pointer into the body, as a URI fragment. */
  pointer: z.string().optional(),
  /** Name of the query parameter. */
  parameter: z.string().optional(),
  detail: z.string(),
});
export type ProblemField = z.infer<typeof problemFieldSchema>;

/** Body of every answer that is an error. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  /** Name of the status. */
  title: z.string(),
  status: z.number().int().min(400).max(599),
  /** One sentence for people. */
  detail: z.string(),
  /** For programs: a name that stays the same when the sentence changes. */
  code: z.string(),
  /** Finds the request in the logs; also in the header `X-Request-Id`. */
  requestId: z.string(),
  errors: z.array(problemFieldSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
