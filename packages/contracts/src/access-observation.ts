import { z } from 'zod';

/** How a replayed login went. */
export const loginObservationSchema = z.object({
  status: z.enum(['succeeded', 'failed']),
  /** Step it failed at, counted from 1; null when it did not fail. */
  failedStep: z.number().int().min(1).nullable(),
  /** Why, in plain words and without a secret; null when it did not fail. */
  reason: z.string().nullable(),
});
export type LoginObservation = z.infer<typeof loginObservationSchema>;

/** What a scan was given to get into a site, by name only, and what came of it. */
export const accessObservationSchema = z.object({
  /** Names of the headers that were sent to the site's own host. */
  headers: z.array(z.string()),
  /** Cookies that the visitor brought along; the browser does not take every one. */
  presetCookies: z.array(z.object({ name: z.string(), domain: z.string(), taken: z.boolean() })),
  /** Null when there were no credentials; `not_asked` when the site never asked for them. */
  httpAuthentication: z.enum(['not_asked', 'given', 'rejected']).nullable(),
  /** Null when there was no login to replay. */
  login: loginObservationSchema.nullable(),
});
export type AccessObservation = z.infer<typeof accessObservationSchema>;
