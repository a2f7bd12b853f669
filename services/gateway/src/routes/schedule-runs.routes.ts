import type { ScheduleChange } from '@cookie-scanner/database';
import { schedulePreviewBodySchema, type Schedule } from '@cookie-scanner/contracts';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { scheduleIdOf, scheduleNotFound } from '../http/schedule-id.ts';
import { draftPreview, pausedSchedule, previewOf, resumedSchedule } from '../schedule-plan.ts';
import { scheduleParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;
const TAGS = ['Schedules'];

/** When schedules run, ran and shall run. */
export function scheduleRunsRoutes(deps: Deps): ApiRoute[] {
  return [
    previewDraft(),
    preview(deps),
    runNow(deps),
    changeState(deps, 'pause', 'Plan no further runs of a schedule', (current) => pausedSchedule(current)),
    changeState(deps, 'resume', 'Go on with a schedule; what was missed is not made up for', (current) =>
      resumedSchedule(current, new Date()),
    ),
    listRuns(deps),
  ];
}

function previewDraft(): WorkspaceRoute {
  return {
    permission: 'schedules:read',
    method: 'post',
    path: '/schedules/preview',
    operation: {
      operationId: 'previewScheduleDraft',
      summary: 'Show the next ten runs of a schedule that is not made yet',
      tags: TAGS,
      request: { body: jsonBody('SchedulePreviewBody') },
      responses: { 200: jsonAnswer('SchedulePreview', 'The runs.'), ...problemResponses(413, 415, 422) },
    },
    async handle(request, response) {
      const draft = parseBody(schedulePreviewBodySchema, await readJsonBody(request));
      response.json({ items: draftPreview(draft, new Date()) });
    },
  };
}

function preview({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:read',
    method: 'get',
    path: '/schedules/{scheduleId}/preview',
    operation: {
      operationId: 'previewSchedule',
      summary: 'Show the next ten runs of a schedule, or those it would have if it went on',
      tags: TAGS,
      request: { params: scheduleParams },
      responses: { 200: jsonAnswer('SchedulePreview', 'The runs.'), ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const schedule = await inWorkspace(caller.workspaceId).schedules.find(scheduleIdOf(request));
      if (!schedule) throw scheduleNotFound();
      response.json({ items: previewOf(schedule, new Date()) });
    },
  };
}

function runNow({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:write',
    method: 'post',
    path: '/schedules/{scheduleId}/run',
    operation: {
      operationId: 'runSchedule',
      summary: 'Begin a run now, whatever is planned',
      tags: TAGS,
      request: { params: scheduleParams, headers: idempotencyKeyHeader },
      responses: {
        202: jsonAnswer('ScheduleExecution', 'The run; statusReason says why it scans nothing.'),
        ...problemResponses(404, 409),
      },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { schedules } = inWorkspace(caller.workspaceId);
      const run = await schedules.runNow(scheduleIdOf(request), by, onceOf(request, null));
      if (!run) throw scheduleNotFound();
      response.status(202).json(run);
    },
  };
}

function changeState(
  { inWorkspace }: Deps,
  verb: 'pause' | 'resume',
  summary: string,
  decide: (current: Schedule) => ScheduleChange,
): WorkspaceRoute {
  return {
    permission: 'schedules:write',
    method: 'post',
    path: `/schedules/{scheduleId}/${verb}`,
    operation: {
      operationId: `${verb}Schedule`,
      summary,
      tags: TAGS,
      request: { params: scheduleParams },
      responses: { 200: jsonAnswer('Schedule', 'The schedule.'), ...problemResponses(404, 409, 422) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { schedules } = inWorkspace(caller.workspaceId);
      const schedule = await schedules.change(scheduleIdOf(request), decide, by);
      if (!schedule) throw scheduleNotFound();
      response.json(schedule);
    },
  };
}

function listRuns({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'schedules:read',
    method: 'get',
    path: '/schedules/{scheduleId}/runs',
    operation: {
      operationId: 'listScheduleRuns',
      summary: 'List the runs of a schedule with their outcomes, the latest first',
      tags: TAGS,
      request: { params: scheduleParams, query: documentedPageQuery },
      responses: { 200: jsonAnswer('ScheduleExecutionPage', 'One page.'), ...problemResponses(404, 422) },
    },
    async handle(request, response, caller) {
      const scheduleId = scheduleIdOf(request);
      const { schedules } = inWorkspace(caller.workspaceId);
      const page = pageRequestOf(request);
      if (!(await schedules.find(scheduleId))) throw scheduleNotFound();
      response.json(await schedules.listRuns({ scheduleId, ...page }));
    },
  };
}
