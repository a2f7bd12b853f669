import type { ApiKeyScope, UserRole } from '@cookie-scanner/contracts';

const ADMIN = ['Admin'] as const satisfies UserRole[];
const LEADERS = ['Admin', 'PI'] as const satisfies UserRole[];
const SCANNERS = ['Admin', 'PI', 'Researcher'] as const satisfies UserRole[];
const JUDGES = ['Admin', 'PI', 'Researcher', 'Analyst'] as const satisfies UserRole[];
const EVERYBODY = ['Admin', 'PI', 'Researcher', 'Analyst', 'Viewer'] as const satisfies UserRole[];

/** Who may do one thing. */
interface Rule {
  /** By the role in the workspace, the role on the platform, or because it is about oneself. */
  readonly level: 'workspace' | 'platform' | 'own';
  /** Roles that may; everybody else may not. */
  readonly roles: readonly UserRole[];
  /** Scope that an API key needs beside the role of its creator; null when no key may. */
  readonly scope: ApiKeyScope | null;
}

/**
 * Who may do what: resource and action, with the roles that may. What is not here is forbidden; no other place grants
 * anything. A permission of a workspace counts in the workspace where somebody has the role.
 */
export const POLICY = {
  // One's own account, which needs no role and is nothing for programs.
  'account:read': { level: 'own', roles: EVERYBODY, scope: null },
  'account:write': { level: 'own', roles: EVERYBODY, scope: null },

  // The platform.
  'users:read': { level: 'platform', roles: ADMIN, scope: null },
  'users:write': { level: 'platform', roles: ADMIN, scope: null },
  'workspaces:create': { level: 'platform', roles: LEADERS, scope: null },
  'platform_audit:read': { level: 'platform', roles: ADMIN, scope: null },
  'queues:read': { level: 'platform', roles: ADMIN, scope: null },
  'queues:write': { level: 'platform', roles: ADMIN, scope: null },
  'scan_weights:read': { level: 'platform', roles: ADMIN, scope: null },
  'scan_weights:write': { level: 'platform', roles: ADMIN, scope: null },

  // A workspace.
  'workspace:read': { level: 'workspace', roles: EVERYBODY, scope: 'members:read' },
  'workspace:write': { level: 'workspace', roles: LEADERS, scope: null },
  'workspace:delete': { level: 'workspace', roles: ADMIN, scope: null },
  'retention:read': { level: 'workspace', roles: LEADERS, scope: null },
  'retention:write': { level: 'workspace', roles: LEADERS, scope: null },
  'membership:leave': { level: 'workspace', roles: EVERYBODY, scope: null },
  'presence:join': { level: 'workspace', roles: EVERYBODY, scope: null },
  'members:read': { level: 'workspace', roles: EVERYBODY, scope: 'members:read' },
  'members:write': { level: 'workspace', roles: LEADERS, scope: null },
  'api_keys:read': { level: 'workspace', roles: SCANNERS, scope: null },
  'api_keys:write': { level: 'workspace', roles: SCANNERS, scope: null },
  'audit:read': { level: 'workspace', roles: LEADERS, scope: 'audit:read' },

  // What a workspace is for.
  'scans:read': { level: 'workspace', roles: EVERYBODY, scope: 'scans:read' },
  'scans:write': { level: 'workspace', roles: SCANNERS, scope: 'scans:write' },
  'scans:delete': { level: 'workspace', roles: LEADERS, scope: 'scans:write' },
  'cookies:read': { level: 'workspace', roles: EVERYBODY, scope: 'cookies:read' },
  'findings:read': { level: 'workspace', roles: EVERYBODY, scope: 'findings:read' },
  'findings:write': { level: 'workspace', roles: JUDGES, scope: 'findings:write' },
  'category_overrides:read': { level: 'workspace', roles: EVERYBODY, scope: 'findings:read' },
  'category_overrides:write': { level: 'workspace', roles: JUDGES, scope: 'findings:write' },
  'baselines:read': { level: 'workspace', roles: EVERYBODY, scope: 'baselines:read' },
  'baselines:write': { level: 'workspace', roles: JUDGES, scope: 'baselines:write' },
  'analytics:read': { level: 'workspace', roles: EVERYBODY, scope: 'analytics:read' },
  'reports:read': { level: 'workspace', roles: EVERYBODY, scope: 'reports:read' },
  'domains:read': { level: 'workspace', roles: EVERYBODY, scope: 'domains:read' },
  'domains:write': { level: 'workspace', roles: SCANNERS, scope: 'domains:write' },
  'profiles:read': { level: 'workspace', roles: EVERYBODY, scope: 'profiles:read' },
  'profiles:write': { level: 'workspace', roles: SCANNERS, scope: 'profiles:write' },
  'schedules:read': { level: 'workspace', roles: EVERYBODY, scope: 'schedules:read' },
  'schedules:write': { level: 'workspace', roles: SCANNERS, scope: 'schedules:write' },
  'webhooks:read': { level: 'workspace', roles: LEADERS, scope: 'webhooks:read' },
  'webhooks:write': { level: 'workspace', roles: LEADERS, scope: null },
  'notifications:read': { level: 'workspace', roles: EVERYBODY, scope: 'notifications:read' },
  'notifications:write': { level: 'workspace', roles: EVERYBODY, scope: 'notifications:write' },
} as const satisfies Record<string, Rule>;

/** Something that may be allowed: resource and action. */
export type Permission = keyof typeof POLICY;

type PermissionOf<TLevel extends Rule['level']> = {
  [Name in Permission]: (typeof POLICY)[Name]['level'] extends TLevel ? Name : never;
}[Permission];

/** Something that is allowed by a role in a workspace. */
export type WorkspacePermission = PermissionOf<'workspace'>;
/** Something that is about the platform or one's own account. */
export type PersonalPermission = PermissionOf<'platform' | 'own'>;

/** The rule of a permission, in its general form. */
export function ruleOf(permission: Permission): Rule {
  return POLICY[permission];
}

/** True for a permission that counts inside a workspace. */
export function isWorkspacePermission(permission: Permission): permission is WorkspacePermission {
  return ruleOf(permission).level === 'workspace';
}

/** From most to least: a role may hand out itself and what stands behind it. */
const RANKS: readonly UserRole[] = EVERYBODY;

/** True when somebody in a role may give or take away another role; PIs do not decide about Admins. */
export function mayGrant(granter: UserRole, role: UserRole): boolean {
  return RANKS.indexOf(granter) <= RANKS.indexOf(role);
}
