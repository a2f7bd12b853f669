import { invite, mayGrant } from '@cookie-scanner/auth';
import {
  memberInviteSchema,
  memberUpdateSchema,
  type Member,
  type UserRole,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { ifMatchDecided, ifMatchDecidedGiven, sendDecided } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOfPerson } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'members' | 'authenticator' | 'sendsMails'>;
const WORKSPACE = z.object({ workspaceId: z.uuid() });
const MEMBER = WORKSPACE.extend({ userId: z.uuid() });
const TAGS = ['Workspaces'];
const SHOWN = { ...jsonAnswer('Member', 'The member.'), headers: tagHeader };

/** Who is in a workspace, and as what. Nobody gives or takes a role above their own. */
export function membersRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), add(deps), show(deps), changeRole(deps), remove(deps), leave(deps)];
}

function list({ members }: Deps): WorkspaceRoute {
  return {
    permission: 'members:read',
    method: 'get',
    path: '/workspaces/{workspaceId}/members',
    operation: {
      operationId: 'listMembers',
      summary: 'List the members of a workspace',
      tags: TAGS,
      request: { params: WORKSPACE, query: documentedPageQuery },
      responses: { 200: jsonAnswer('MemberPage', 'One page.'), ...problemResponses(404, 422) },
    },
    async handle(request, response, { workspaceId }) {
      response.json(await members.list({ workspaceId, ...pageRequestOf(request) }));
    },
  };
}

function add({ auth, members, authenticator, sendsMails }: Deps): WorkspaceRoute {
  return {
    permission: 'members:write',
    needsFreshProof: true,
    method: 'post',
    path: '/workspaces/{workspaceId}/members',
    operation: {
      operationId: 'inviteMember',
      summary: 'Invite somebody into a workspace',
      description:
        'Who has an account is a member at once. Others are mailed a link to open one with, good for seven days; where ' +
        'the installation sends no mails, the answer carries its token this once, for /auth/invitations/accept. ' +
        'Inviting again replaces it.',
      tags: TAGS,
      request: { params: WORKSPACE, headers: idempotencyKeyHeader, body: jsonBody('MemberInvite') },
      responses: { 201: jsonAnswer('Invitation', 'Invited.'), ...problemResponses(404, 409, 413, 415, 422) },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const wanted = parseBody(memberInviteSchema, body);
      requireGrant(caller.role, wanted.role);
      const { workspaceId, userId: invitedBy } = caller;
      const by = auditActorOf(caller, request, response);
      const { member, token, isMailed } = await invite(
        { keys: auth.keys, members },
        { ...wanted, workspaceId, invitedBy, isMailed: sendsMails },
        by,
        onceOfPerson(request, body, invitedBy),
      );
      authenticator.forgetAll();
      response.status(201).json({ member, invitationToken: token, isMailed });
    },
  };
}

function show({ members }: Deps): WorkspaceRoute {
  return {
    permission: 'members:read',
    method: 'get',
    path: '/workspaces/{workspaceId}/members/{userId}',
    operation: {
      operationId: 'getMember',
      summary: 'Show a member of a workspace',
      tags: TAGS,
      request: { params: MEMBER },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      sendDecided(response, await memberOf(members, request, workspaceId));
    },
  };
}

function changeRole({ members, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'members:write',
    needsFreshProof: true,
    method: 'patch',
    path: '/workspaces/{workspaceId}/members/{userId}',
    operation: {
      operationId: 'updateMember',
      summary: 'Change the role of a member',
      tags: TAGS,
      request: { params: MEMBER, headers: ifMatchHeader, body: jsonBody('MemberUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 409, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatchDecided(request);
      const { role } = parseBody(memberUpdateSchema, await readJsonBody(request));
      const { workspaceId, userId, role: before } = await memberOf(members, request, caller.workspaceId);
      requireGrant(caller.role, before);
      requireGrant(caller.role, role);
      const by = auditActorOf(caller, request, response);
      const member = orNotFound(await members.changeRole({ workspaceId, userId }, role, by, precondition));
      authenticator.forgetAll();
      sendDecided(response, member);
    },
  };
}

function remove({ members, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'members:write',
    method: 'delete',
    path: '/workspaces/{workspaceId}/members/{userId}',
    operation: {
      operationId: 'removeMember',
      summary: 'Remove a member from a workspace',
      tags: TAGS,
      request: { params: MEMBER, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Removed.' }, ...problemResponses(404, 409, 412) },
    },
    async handle(request, response, caller) {
      const { workspaceId, userId, role } = await memberOf(members, request, caller.workspaceId);
      requireGrant(caller.role, role);
      const by = auditActorOf(caller, request, response);
      const isRemoved = await members.remove({ workspaceId, userId }, by, ifMatchDecidedGiven(request));
      if (!isRemoved) throw memberNotFound();
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}

function leave({ members, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'membership:leave',
    method: 'delete',
    path: '/workspaces/{workspaceId}/membership',
    operation: {
      operationId: 'leaveWorkspace',
      summary: 'Leave a workspace',
      description: 'Its last Admin makes somebody else one first.',
      tags: TAGS,
      request: { params: WORKSPACE },
      responses: { 204: { description: 'Left.' }, ...problemResponses(404, 409) },
    },
    async handle(request, response, caller) {
      const { workspaceId, userId } = caller;
      const by = auditActorOf(caller, request, response);
      if (!(await members.remove({ workspaceId, userId }, by))) throw memberNotFound();
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}

async function memberOf(members: Deps['members'], request: Request, workspaceId: string): Promise<Member> {
  const userId = uuidOf(request.params['userId']);
  return orNotFound(userId === null ? null : await members.find({ workspaceId, userId }));
}

function requireGrant(granter: UserRole, role: UserRole): void {
  if (mayGrant(granter, role)) return;
  throw new AppError('PERMISSION_DENIED', `As ${granter} you may not give or take the role ${role}.`);
}

function orNotFound<T>(found: T | null): T {
  if (found === null) throw memberNotFound();
  return found;
}

function memberNotFound(): AppError {
  return new AppError('MEMBER_NOT_FOUND', 'There is no member with this id.');
}
