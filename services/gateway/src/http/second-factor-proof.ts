import type { SecondFactorProof } from '@cookie-scanner/auth';

/** The second factor that a body names; null when it names none. */
export function secondFactorProofOf(body: {
  code?: string | undefined;
  recoveryCode?: string | undefined;
}): SecondFactorProof | null {
  if (body.code !== undefined) return { code: body.code };
  return body.recoveryCode === undefined ? null : { recoveryCode: body.recoveryCode };
}
