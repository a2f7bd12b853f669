import { AppError, isAppError } from '@cookie-scanner/errors';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { z } from 'zod';

/** What the operator's settings allow. */
export interface ScanUrlPolicy {
  /** Accept private addresses and single-label names (setting `SCAN_ALLOW_PRIVATE_NETWORKS`). */
  readonly allowPrivateNetworks?: boolean;
}

/**
 * The address of a site to scan, judged by `parseScanUrl` under the operator's settings, in its normal form.
 *
 * The issue of a refused one carries the reason in plain words and, as `params.code`, the row of the error table:
 * `URL_INVALID` or `ADDRESS_NOT_ALLOWED`.
 */
export function scanUrlSchemaFor(policy: ScanUrlPolicy): z.ZodType<string, string> {
  return z
    .string()
    .transform((text, context) => {
      const url = tryParse(text, policy);
      if (url instanceof URL) return url.href;
      context.addIssue({ code: 'custom', message: url.message, params: { code: url.code } });
      return z.NEVER;
    })
    .meta({ format: 'uri' });
}

/** The address of a site on the public internet. */
export const scanUrlSchema = scanUrlSchemaFor({});

/** A host name of the public internet, in lower case and, for international names, in its ASCII form. */
export const hostNameSchema = hostNameSchemaFor({});

/** A host name, judged under the operator's settings like the URLs of its sites. */
export function hostNameSchemaFor(policy: ScanUrlPolicy): z.ZodType<string, string> {
  return z.string().transform((text, context) => {
    const hasMoreThanHost = /[/\\?#@:\s]/.test(text);
    const url = hasMoreThanHost
      ? new AppError('URL_INVALID', 'give a host name such as example.com, without scheme, port or path')
      : tryParse(`https://${text}/`, policy);
    if (url instanceof URL) return url.hostname.replace(/\.$/, '');
    context.addIssue({ code: 'custom', message: url.message, params: { code: url.code } });
    return z.NEVER;
  });
}

function tryParse(text: string, policy: ScanUrlPolicy): URL | AppError {
  try {
    return parseScanUrl(text, policy);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}
