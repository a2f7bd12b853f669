import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { AppError } from '@cookie-scanner/errors';
import { Router, type Request, type Response } from 'express';

/** One operation of the API: what the document says about it, and what answers it. */
export interface ApiRoute {
  readonly method: 'get' | 'post';
  /** Below `/api/v1`, in the syntax of OpenAPI, such as `/scans/{scanId}`. */
  readonly path: string;
  readonly operation: Omit<RouteConfig, 'method' | 'path'>;
  handle(request: Request, response: Response): Promise<void> | void;
}

/**
 * A router for these operations. On their paths every other method is answered with 405 (OPTIONS with 204) and the
 * list of allowed ones.
 */
export function apiRouter(routes: readonly ApiRoute[]): Router {
  const router = Router({ strict: true, caseSensitive: true });
  for (const [path, operations] of Map.groupBy(routes, (route) => route.path)) {
    const route = router.route(expressPath(path));
    for (const operation of operations) {
      route[operation.method]((request, response) => operation.handle(request, response));
    }
    route.all(otherMethods(operations));
  }
  return router;
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
