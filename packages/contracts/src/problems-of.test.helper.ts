import type { z } from 'zod';

/** What a schema finds wrong with an input: `path: message`, in order; empty when it accepts it. */
export function problemsOf(schema: z.ZodType, input: unknown): string[] {
  const { error } = schema.safeParse(input);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

/** Whether a schema accepts an input. */
export function accepts(schema: z.ZodType, input: unknown): boolean {
  return schema.safeParse(input).success;
}

/** Any id. */
export const ID = '0199c1d2-0000-7000-8000-000000000001';
/** Another id. */
export const OTHER_ID = '0199c1d2-0000-7000-8000-000000000002';
