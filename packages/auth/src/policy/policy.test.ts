import { apiKeyScopeSchema, userRoleSchema, type UserRole } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { authoriseInWorkspace, authorisePersonally, requireFreshProof } from './authorise.ts';
import type { Person, Program } from './caller.ts';
import { isWorkspacePermission, mayGrant, POLICY, ruleOf, type Permission } from './policy.ts';

const WORKSPACE = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const ROLES = userRoleSchema.options;
const PERMISSIONS = Object.keys(POLICY) as Permission[];

const person = (role: UserRole): Person => ({
  kind: 'person',
  userId: WORKSPACE,
  email: 'ada@example.org',
  sessionId: WORKSPACE,
  authenticatedAtSeconds: 1_000,
  roles: [role],
  memberships: [{ workspaceId: WORKSPACE, role }],
});
const program = (role: UserRole, scopes: Program['scopes']): Program => ({
  kind: 'program',
  keyId: WORKSPACE,
  keyName: 'Build',
  userId: WORKSPACE,
  scopes,
  memberships: [{ workspaceId: WORKSPACE, role }],
  rateLimitPerMinute: null,
});
const denied = expect.objectContaining({ code: 'PERMISSION_DENIED' });
const notFound = expect.objectContaining({ code: 'WORKSPACE_NOT_FOUND' });

describe('the policy', () => {
  it('says what every role may do', () => {
    const table = Object.fromEntries(
      PERMISSIONS.map((permission) => [
        permission,
        ROLES.filter((role) => ruleOf(permission).roles.includes(role)).join(' '),
      ]),
    );
    expect(table).toMatchSnapshot();
  });

  it('gives a role everything that the roles behind it may do', () => {
    for (const permission of PERMISSIONS) {
      const { roles } = ruleOf(permission);
      expect(roles).toEqual(ROLES.slice(0, roles.length));
    }
  });

  it('lets nobody give a role above their own', () => {
    expect(mayGrant('PI', 'Admin')).toBe(false);
    expect(mayGrant('PI', 'PI')).toBe(true);
    expect(mayGrant('Admin', 'Admin')).toBe(true);
    expect(mayGrant('Viewer', 'Analyst')).toBe(false);
  });
});

describe('in a workspace', () => {
  it.each(PERMISSIONS.filter(isWorkspacePermission))('%s is for its roles and scope alone', (permission) => {
    const { roles, scope } = ruleOf(permission);
    for (const role of ROLES) {
      const isAllowed = roles.includes(role);
      const byPerson = () => authoriseInWorkspace(person(role), permission, WORKSPACE);
      if (isAllowed) expect(byPerson()).toMatchObject({ workspaceId: WORKSPACE, role });
      else expect(byPerson).toThrow(denied);
      for (const given of apiKeyScopeSchema.options) {
        const byProgram = () => authoriseInWorkspace(program(role, [given]), permission, null);
        if (isAllowed && given === scope) expect(byProgram().workspaceId).toBe(WORKSPACE);
        else expect(byProgram).toThrow(denied);
      }
    }
  });

  it('of others there is nothing, whatever one may do in one’s own', () => {
    expect(() => authoriseInWorkspace(person('Admin'), 'scans:read', OTHER)).toThrow(notFound);
    expect(() => authoriseInWorkspace({ ...person('Admin'), memberships: [] }, 'scans:read', null)).toThrow(
      notFound,
    );
  });
});

describe('on the platform', () => {
  it.each(['users:read', 'users:write', 'queues:read', 'queues:write', 'platform_audit:read'] as const)(
    '%s is for Admins and never for programs',
    (permission) => {
      expect(authorisePersonally(person('Admin'), permission).kind).toBe('person');
      for (const role of ROLES.slice(1))
        expect(() => authorisePersonally(person(role), permission)).toThrow(denied);
      const key = program('Admin', apiKeyScopeSchema.options);
      expect(() => authorisePersonally(key, permission)).toThrow(denied);
    },
  );

  it('one’s own account needs no role, and is nothing for programs', () => {
    const nobody = { ...person('Viewer'), roles: [], memberships: [] };
    expect(authorisePersonally(nobody, 'account:write').userId).toBe(WORKSPACE);
    expect(() => authorisePersonally(program('Admin', []), 'account:read')).toThrow(denied);
  });
});

describe('what is dangerous', () => {
  it('needs a proof of at most ten minutes ago, of a person', () => {
    const refusal = expect.objectContaining({ code: 'STEP_UP_REQUIRED' });
    expect(() => requireFreshProof(person('Admin'), 1_600)).not.toThrow();
    expect(() => requireFreshProof(person('Admin'), 1_601)).toThrow(refusal);
    expect(() => requireFreshProof({ ...person('Admin'), authenticatedAtSeconds: null }, 1)).toThrow(refusal);
    expect(() => requireFreshProof(program('Admin', []), 1)).toThrow(refusal);
  });
});
