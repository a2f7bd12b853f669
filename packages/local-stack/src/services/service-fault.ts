import { AppError, ERROR_RULES, type ErrorCode } from '@cookie-scanner/errors';
import { z } from 'zod';
import { diskFault } from '../machine/disk-fault.ts';

/** A line with which a service tells why it gave up. */
const faultLineSchema = z.object({
  level: z.literal('error'),
  error: z.object({ name: z.literal('AppError'), code: z.string(), message: z.string() }),
});

/**
 * Why a service did not start, from what it logged: a foreseen failure in its own words, such as a Chromium that the
 * kernel gives no sandbox, otherwise only where to look.
 *
 * @param words - the last lines of its log
 * @param otherwise - sentence for when the log names no foreseen failure
 */
export function serviceFault(words: string, otherwise: string): AppError {
  const full = diskFault(null, words);
  if (full) return full;
  for (const line of words.split('\n').reverse()) {
    const fault = faultLineSchema.safeParse(jsonOrNull(line));
    if (fault.success && Object.hasOwn(ERROR_RULES, fault.data.error.code)) {
      return new AppError(fault.data.error.code as ErrorCode, fault.data.error.message);
    }
  }
  return new AppError('STACK_FAILED', otherwise);
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not every line is one of the logger's: Node itself writes plain text when it cannot go on.
    return null;
  }
}
