export { authenticator, type Authenticator } from './account/authenticate.ts';
export { changePassword } from './account/change-password.ts';
export { makeFirstAdmin } from './account/first-admin.ts';
export { acceptInvitation, invite } from './account/invitation.ts';
export { makeApiKey } from './account/make-api-key.ts';
export {
  checkSecondFactor,
  enableTotp,
  enrolTotp,
  renewRecoveryCodes,
  type SecondFactorProof,
} from './account/second-factor.ts';
export { requestPasswordReset, resetPassword } from './account/password-reset.ts';
export { makeResetLink } from './account/reset-link.ts';
export { refreshSession, type SignedIn } from './account/session-tokens.ts';
export { finishSignIn, signIn, type SignInStep } from './account/sign-in.ts';
export { signInLimits, type SignInLimits } from './account/sign-in-limits.ts';
export { stepUp } from './account/step-up.ts';
export { apiKeyPrefixOf, newApiKeyText } from './api-key/api-key-text.ts';
export { appendAnchor } from './audit/anchor-file.ts';
export { checkAudit, type AuditCheck } from './audit/check-audit.ts';
export { asStranger, asUser, type AuthDeps, type AuthLifetimes, type Client } from './auth-deps.ts';
export {
  auditSigningKeyOf,
  authKeys,
  keysOfEncryptionKey,
  type AuthKeys,
  type AuthSecrets,
} from './auth-keys.ts';
export {
  addPasskey,
  passkeyRegistrationOptions,
  passkeyUseOptions,
  signInByPasskey,
  stepUpByPasskey,
  type RelyingParty,
} from './passkey/passkeys.ts';
export { passwordHasher, type PasswordHasher } from './password/password-hasher.ts';
export {
  authoriseInWorkspace,
  authorisePersonally,
  requireFreshProof,
  workspaceNotFound,
} from './policy/authorise.ts';
export type { Caller, Membership, Person, Program, WorkspaceCaller } from './policy/caller.ts';
export {
  isWorkspacePermission,
  mayGrant,
  POLICY,
  ruleOf,
  type Permission,
  type PersonalPermission,
  type WorkspacePermission,
} from './policy/policy.ts';
export { openAccess, sealAccess } from './sealed-access.ts';
export { signAccessToken, verifyAccessToken } from './token/access-token.ts';
export { readRefreshToken } from './token/refresh-token.ts';
export { mailedToken } from './token/mailed-token.ts';
export { newWebhookSecret, openWebhookSecret, sealWebhookSecret } from './token/webhook-secret.ts';
export { secretHash } from './token/secret-hash.ts';
