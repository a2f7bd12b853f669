import { cookieCategorySchema, cookiePartySchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { hostFilter, searchText, timeFilter } from '../http/filters.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseQuery } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

const FILTERS = {
  /** The whole name, or what it begins with and a `*`. */
  name: searchText.optional(),
  /** Host that was scanned. */
  domain: hostFilter.optional(),
  category: cookieCategorySchema.optional(),
  party: cookiePartySchema.optional(),
  /** Host of the request or script that set it. */
  setByHost: hostFilter.optional(),
  vendor: searchText.optional(),
  firstSeenFrom: timeFilter.optional(),
  firstSeenUntil: timeFilter.optional(),
  lastSeenFrom: timeFilter.optional(),
  lastSeenUntil: timeFilter.optional(),
};

const searchQuery = z.strictObject({ ...pageQueryShape, ...FILTERS });

/** The cookies of a workspace over all its scans. */
export function cookiesRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'cookies:read',
      method: 'get',
      path: '/cookies',
      operation: {
        operationId: 'searchCookies',
        summary: 'Search the cookies of all scans',
        description:
          'Each cookie of each site once, with when it was first and last seen; the last to appear first. `name` is the whole ' +
          'name or, with `*` at its end, its beginning. Category and setter are those of the newest scan that saw it.',
        tags: ['Cookies'],
        request: { query: z.strictObject({ ...documentedPageQueryShape, ...FILTERS }) },
        responses: { 200: jsonAnswer('CookieSightingPage', 'One page.'), ...problemResponses(422) },
      },
      async handle(request, response, { workspaceId }) {
        const { cursor, limit, ...filter } = parseQuery(searchQuery, request);
        const { sightings } = inWorkspace(workspaceId);
        response.json(
          await sightings.search({ ...filter, workspaceId, ...asPageRequest({ cursor, limit }) }),
        );
      },
    },
  ];
}
