import {
  followedMetricSchema,
  topKindSchema,
  trendStepSchema,
  type TrendStep,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { hostFilter, timeFilter, timeSpan, timeSpanShape } from '../http/filters.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseQuery } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;
const TAGS = ['Analytics'];
const DAY_MS = 86_400_000;
const TIME_MAX_MS = Date.UTC(9_999, 0);
const DAYS_DEFAULT = 30;
const STEP_MS: Readonly<Record<TrendStep, number>> = { day: DAY_MS, week: 7 * DAY_MS, month: 28 * DAY_MS };
const STEPS_MAX = 400;
const TOP_DEFAULT = 20;

const SPAN = { ...timeSpanShape, step: trendStepSchema.default('day') };
const countsQuery = z.strictObject(SPAN);
const trendQuery = z.strictObject({
  ...SPAN,
  metric: followedMetricSchema,
  /** One site; without it, all of the workspace. */
  domain: hostFilter.optional(),
});
const TOP = {
  kind: topKindSchema,
  /** Seen since then; a month unless told. */ since: timeFilter.optional(),
};

/** Numbers over many scans of a workspace. */
export function analyticsRoutes(deps: Deps): ApiRoute[] {
  return [countScans(deps), follow(deps), top(deps)];
}

function countScans({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'analytics:read',
    method: 'get',
    path: '/analytics/scans',
    operation: {
      operationId: 'countScans',
      summary: 'Count scans over time, by how they ended',
      description: 'By day, week or month (UTC), of the last 30 days unless told.',
      tags: TAGS,
      request: { query: countsQuery },
      responses: { 200: jsonAnswer('ScanCounts', 'The counts.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const span = boundedSpan(parseQuery(timeSpan(countsQuery), request));
      response.json(await inWorkspace(workspaceId).analytics.countScans(workspaceId, span));
    },
  };
}

function follow({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'analytics:read',
    method: 'get',
    path: '/analytics/trends',
    operation: {
      operationId: 'getTrend',
      summary: 'Follow one number over time, such as the compliance score',
      description:
        'The mean over the scans submitted in each step, of one site or all; null where there was none.',
      tags: TAGS,
      request: { query: trendQuery },
      responses: { 200: jsonAnswer('TrendData', 'The course.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const { metric, domain, ...given } = parseQuery(timeSpan(trendQuery), request);
      const wanted = { metric, domain, ...boundedSpan(given) };
      response.json(await inWorkspace(workspaceId).analytics.follow(workspaceId, wanted));
    },
  };
}

function top({ inWorkspace }: Deps): WorkspaceRoute {
  const { limit: limitSchema } = pageQueryShape;
  const query = z.strictObject({ ...TOP, limit: limitSchema });
  return {
    permission: 'analytics:read',
    method: 'get',
    path: '/analytics/top',
    operation: {
      operationId: 'getTop',
      summary: 'List the cookies, vendors or third parties that most sites have',
      tags: TAGS,
      request: { query: z.strictObject({ ...TOP, limit: documentedPageQueryShape.limit }) },
      responses: { 200: jsonAnswer('TopList', 'The most common first.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const { kind, since, limit = TOP_DEFAULT } = parseQuery(query, request);
      const wanted = {
        kind,
        limit,
        since: since ?? new Date(Date.now() - DAYS_DEFAULT * DAY_MS).toISOString(),
      };
      response.json(await inWorkspace(workspaceId).analytics.top(workspaceId, wanted));
    },
  };
}

/** @throws AppError INPUT_INVALID for a span of more steps than anybody looks at */
function boundedSpan({
  from,
  until,
  step,
}: {
  from?: string | undefined;
  until?: string | undefined;
  step: TrendStep;
}) {
  const untilMs = until === undefined ? Date.now() : Date.parse(until);
  const fromMs = from === undefined ? untilMs - DAYS_DEFAULT * DAY_MS : Date.parse(from);
  // Where PostgreSQL and JavaScript write years alike.
  if (fromMs < 0 || untilMs >= TIME_MAX_MS) {
    throw new AppError('INPUT_INVALID', 'A span lies between the years 1970 and 9999.');
  }
  if (fromMs >= untilMs) throw new AppError('INPUT_INVALID', 'The span ends before it begins.');
  if (untilMs - fromMs > STEPS_MAX * STEP_MS[step]) {
    throw new AppError(
      'INPUT_INVALID',
      `A span has at most ${STEPS_MAX} steps: take longer steps, or a part of it.`,
    );
  }
  return { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString(), step };
}
