import { AppError } from '@cookie-scanner/errors';

/** "Bad sequence of commands" speaks of the session and not of the mail. */
const BAD_SEQUENCE = 503;

/**
 * Failures that the mail itself is the cause of, without any server having been asked.
 *
 * @see https://nodemailer.com/smtp/ for the codes
 */
const HOPELESS_CODES: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE', 'ECONFIG', 'EMAXRECIPIENTS']);

/**
 * Says what a failed delivery means: a 4xx answer, a timeout or a broken connection may end well later, a 5xx
 * answer or a mail that cannot be sent at all never will.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
 */
export function deliveryError(error: unknown): AppError {
  const { responseCode, code } = detailsOf(error);
  const details = { responseCode, code };
  const reason = error instanceof Error ? error.message : String(error);

  const isRefused = responseCode !== null && responseCode >= 500 && responseCode !== BAD_SEQUENCE;
  const isHopeless = responseCode === null && (error instanceof TypeError || HOPELESS_CODES.has(code ?? ''));
  if (isRefused || isHopeless) {
    return new AppError('DELIVERY_REFUSED', `The mail was refused: ${reason}`, details, { cause: error });
  }
  return new AppError('DELIVERY_FAILED', `The mail could not be delivered now: ${reason}`, details, {
    cause: error,
  });
}

function detailsOf(error: unknown): { responseCode: number | null; code: string | null } {
  if (typeof error !== 'object' || error === null) return { responseCode: null, code: null };
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  return {
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    code: typeof code === 'string' ? code : null,
  };
}
