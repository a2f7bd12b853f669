import { POLICY, ruleOf, type Permission } from '@cookie-scanner/auth';
import { userRoleSchema, type RoleList, type UserRole } from '@cookie-scanner/contracts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { problemResponses } from './problem-responses.ts';

const PERMISSIONS = Object.keys(POLICY) as Permission[];

/** What each role may do, as the policy has it, for those who hand roles out. */
export function rolesRoutes(): ApiRoute[] {
  return [
    {
      permission: 'account:read',
      method: 'get',
      path: '/roles',
      operation: {
        operationId: 'listRoles',
        summary: 'Show what each role may do',
        tags: ['Workspaces'],
        responses: { 200: jsonAnswer('RoleList', 'Every role, from most to least.'), ...problemResponses() },
      },
      handle(_request, response) {
        const items = userRoleSchema.options.map((role) => ({ role, rights: rightsOf(role) }));
        response.json({ items } satisfies RoleList);
      },
    },
  ];
}

function rightsOf(role: UserRole): RoleList['items'][number]['rights'] {
  return PERMISSIONS.filter((permission) => ruleOf(permission).roles.includes(role)).map((permission) => {
    const { level, scope } = ruleOf(permission);
    return { permission, level, scope };
  });
}
