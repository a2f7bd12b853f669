import { randomUUID } from 'node:crypto';
import { scheduleCreateSchema, scheduleUpdateSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { entityTagOf, ifMatch, ifMatchGiven, sendTagged } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { changedSchedule, firstRun } from '../schedule-plan.ts';
import { scheduleIdOf, scheduleNotFound } from '../http/schedule-id.ts';
import { scheduleParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;
const TAGS = ['Schedules'];
const CREATED_HEADERS = tagHeader.extend({ Location: z.string() });
const SHOWN = { ...jsonAnswer('Schedule', 'The schedule.'), headers: tagHeader };

/** Scans that come again by themselves. */
export function schedulesRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), create(deps), get(deps), update(deps), remove(deps)];
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:read',
    method: 'get',
    path: '/schedules',
    operation: {
      operationId: 'listSchedules',
      summary: 'List the schedules of a workspace, the last made first',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('SchedulePage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, caller) {
      const { schedules } = inWorkspace(caller.workspaceId);
      response.json(await schedules.list(pageRequestOf(request)));
    },
  };
}

function create({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:write',
    method: 'post',
    path: '/schedules',
    operation: {
      operationId: 'createSchedule',
      summary: 'Scan sites again and again',
      description:
        'Times of day are those of timeZone. A time that the clock jumps over runs right after the jump; one that comes twice ' +
        'runs the first time. A day that a month does not have is its last one. A workspace has at most 500 schedules.',
      tags: TAGS,
      request: { headers: idempotencyKeyHeader, body: jsonBody('ScheduleCreate') },
      responses: {
        201: {
          ...jsonAnswer('Schedule', 'The schedule. The header Location is its path.'),
          headers: CREATED_HEADERS,
        },
        ...problemResponses(413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const wanted = parseBody(scheduleCreateSchema, body);
      const { workspaceId, userId: createdBy } = caller;
      const next = firstRun({ ...wanted, id: randomUUID() }, new Date());
      const by = auditActorOf(caller, request, response);
      const schedule = await inWorkspace(workspaceId).schedules.create(
        { ...wanted, workspaceId, createdBy, next },
        by,
        onceOf(request, body),
      );
      response.status(201).location(`/api/v1/schedules/${schedule.id}`);
      response.setHeader('ETag', entityTagOf(schedule)).json(schedule);
    },
  };
}

function get({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:read',
    method: 'get',
    path: '/schedules/{scheduleId}',
    operation: {
      operationId: 'getSchedule',
      summary: 'Show a schedule',
      tags: TAGS,
      request: { params: scheduleParams },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const schedule = await inWorkspace(caller.workspaceId).schedules.find(scheduleIdOf(request));
      if (!schedule) throw scheduleNotFound();
      sendTagged(request, response, schedule);
    },
  };
}

function update({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:write',
    method: 'patch',
    path: '/schedules/{scheduleId}',
    operation: {
      operationId: 'updateSchedule',
      summary: 'Change a schedule',
      description:
        'What is left out stays. A schedule that has ended goes on when it is given a time to come.',
      tags: TAGS,
      request: { params: scheduleParams, headers: ifMatchHeader, body: jsonBody('ScheduleUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const scheduleId = scheduleIdOf(request);
      const precondition = ifMatch(request);
      const decided = parseBody(scheduleUpdateSchema, await readJsonBody(request));
      const schedule = await inWorkspace(caller.workspaceId).schedules.change(
        scheduleId,
        (current) => {
          precondition(current);
          return changedSchedule(current, decided, new Date());
        },
        auditActorOf(caller, request, response),
      );
      if (!schedule) throw scheduleNotFound();
      sendTagged(request, response, schedule);
    },
  };
}

function remove({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:write',
    method: 'delete',
    path: '/schedules/{scheduleId}',
    operation: {
      operationId: 'deleteSchedule',
      summary: 'Delete a schedule with the records of its runs; the scans stay',
      tags: TAGS,
      request: { params: scheduleParams, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { schedules } = inWorkspace(caller.workspaceId);
      const isRemoved = await schedules.remove(scheduleIdOf(request), by, ifMatchGiven(request));
      if (!isRemoved) throw scheduleNotFound();
      response.status(204).end();
    },
  };
}
