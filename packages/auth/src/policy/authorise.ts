import { AppError } from '@cookie-scanner/errors';
import type { Caller, Person, WorkspaceCaller } from './caller.ts';
import { ruleOf, type PersonalPermission, type WorkspacePermission } from './policy.ts';

/** How long a proof of who somebody is counts for what is dangerous. */
const FRESH_SECONDS = 600;

/**
 * Lets a caller do something in a workspace.
 *
 * @param workspaceId - null for the workspace of an API key, and the one that a person joined first
 * @throws AppError WORKSPACE_NOT_FOUND when the caller is no member; the same as for one that does not exist
 * @throws AppError PERMISSION_DENIED
 */
export function authoriseInWorkspace(
  caller: Caller,
  permission: WorkspacePermission,
  workspaceId: string | null,
): WorkspaceCaller {
  const membership =
    workspaceId === null
      ? caller.memberships[0]
      : caller.memberships.find((each) => each.workspaceId === workspaceId);
  if (!membership) throw workspaceNotFound();
  const { roles, scope } = ruleOf(permission);
  const inScope = caller.kind === 'person' || (scope !== null && caller.scopes.includes(scope));
  if (!inScope || !roles.includes(membership.role)) throw denied(permission);
  return { ...caller, ...membership };
}

/**
 * Lets a person do something on the platform or with their own account.
 *
 * @throws AppError PERMISSION_DENIED
 */
export function authorisePersonally(caller: Caller, permission: PersonalPermission): Person {
  const { level, roles } = ruleOf(permission);
  if (caller.kind !== 'person') throw denied(permission);
  if (level !== 'own' && !caller.roles.some((role) => roles.includes(role))) throw denied(permission);
  return caller;
}

/**
 * Lets only those go on who proved a short while ago who they are. An API key proves nothing of a person.
 *
 * @param ageMaxSeconds - ten minutes unless told
 * @throws AppError STEP_UP_REQUIRED
 */
export function requireFreshProof(
  caller: Caller,
  nowSeconds = Date.now() / 1_000,
  ageMaxSeconds = FRESH_SECONDS,
): void {
  const provenAt = caller.kind === 'person' ? caller.authenticatedAtSeconds : null;
  if (provenAt !== null && nowSeconds - provenAt <= ageMaxSeconds) return;
  throw new AppError('STEP_UP_REQUIRED', 'Enter your password again first, at /auth/step-up.');
}

/** There is no such workspace, or none that the caller may know of. */
export function workspaceNotFound(): AppError {
  return new AppError('WORKSPACE_NOT_FOUND', 'There is no workspace with this id that you are a member of.');
}

function denied(permission: string): AppError {
  return new AppError('PERMISSION_DENIED', `You may not do this; it needs ${permission}.`, { permission });
}
