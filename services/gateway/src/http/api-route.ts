import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import {
  isWorkspacePermission,
  POLICY,
  type Person,
  type PersonalPermission,
  type WorkspaceCaller,
  type WorkspacePermission,
} from '@cookie-scanner/auth';
import { AppError } from '@cookie-scanner/errors';
import { Router, type Request, type Response } from 'express';
import type { Doorman } from './doorman.ts';

/** What every operation of the API says of itself. */
interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, in the syntax of OpenAPI, such as `/scans/{scanId}`. */
  readonly path: string;
  /** What the document says about it. */
  readonly operation: Omit<RouteConfig, 'method' | 'path'>;
  /** True for what is dangerous: a proof of who somebody is must be at most ten minutes old. */
  readonly needsFreshProof?: boolean;
}

/** For everybody, also for those who have not said who they are. */
interface PublicRoute extends Operation {
  readonly permission: 'public';
  handle(request: Request, response: Response): Promise<void> | void;
}

/** For people who signed in: their own account, and the platform. */
export interface PersonalRoute extends Operation {
  readonly permission: PersonalPermission;
  handle(request: Request, response: Response, caller: Person): Promise<void> | void;
}

/**
 * For members of a workspace and their API keys. Which workspace: the one in the path, else the one in the header
 * `X-Workspace-Id`, else the key's or the one that the person joined first.
 */
export interface WorkspaceRoute extends Operation {
  readonly permission: WorkspacePermission;
  handle(request: Request, response: Response, caller: WorkspaceCaller): Promise<void> | void;
}

/** One operation of the API: what the document says about it, who may use it, and what answers it. */
export type ApiRoute = PublicRoute | PersonalRoute | WorkspaceRoute;

/**
 * A router for these operations. On their paths every other method is answered with 405 (OPTIONS with 204) and the
 * list of allowed ones.
 *
 * @throws Error when an operation names no permission that the policy knows: then nothing is served at all
 */
export function apiRouter(routes: readonly ApiRoute[], doorman: Doorman): Router {
  const router = Router({ strict: true, caseSensitive: true });
  for (const [path, operations] of Map.groupBy(routes, (route) => route.path)) {
    const route = router.route(expressPath(path));
    for (const operation of operations) {
      requirePermission(operation);
      route[operation.method]((request, response) => answer(operation, doorman, request, response));
    }
    route.all(otherMethods(operations));
  }
  return router;
}

async function answer(
  route: ApiRoute,
  doorman: Doorman,
  request: Request,
  response: Response,
): Promise<void> {
  if (isPublicRoute(route)) {
    await doorman.greet(request, response);
    await route.handle(request, response);
  } else if (isWorkspaceRoute(route)) {
    await route.handle(request, response, await doorman.letIntoWorkspace(route, request, response));
  } else {
    await route.handle(request, response, await doorman.letInPersonally(route, request, response));
  }
}

function isPublicRoute(route: ApiRoute): route is PublicRoute {
  return route.permission === 'public';
}

function isWorkspaceRoute(route: PersonalRoute | WorkspaceRoute): route is WorkspaceRoute {
  return isWorkspacePermission(route.permission);
}

/** The types say so already; this is for whoever got around them. */
function requirePermission({ method, path, permission }: ApiRoute): void {
  if (permission === 'public' || Object.hasOwn(POLICY, permission)) return;
  throw new Error(`${method} ${path} names no permission of the policy`);
}

function otherMethods(operations: readonly ApiRoute[]): (request: Request, response: Response) => void {
  const methods = operations.map(({ method }) => method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request, response) => {
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS') {
      throw new AppError('METHOD_NOT_ALLOWED', `This path answers ${allow} only.`);
    }
    response.status(204).end();
  };
}

/** `/scans/{scanId}` in the syntax of Express. */
function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
