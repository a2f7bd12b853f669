import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiRoute } from './http/api-route.ts';
import { PROBLEM_TYPE } from './http/problem.ts';
import { problemBody } from './testing/problem-body.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

// Each test asks every route; on a busy machine that takes a while.
jest.setTimeout(300_000);

const used = useTestGateway();
let authorization: { Authorization: string };
let workspaceId: string;

/** An Admin of the platform and of a workspace, who has just signed in. */
beforeAll(async () => {
  const accounts = testAccounts(used.gateway, used.database);
  const person = await accounts.addPerson(['Admin']);
  workspaceId = await accounts.addWorkspace();
  await accounts.join(workspaceId, person, 'Admin');
  authorization = bearer(await accounts.signIn(person));
});

type Asked = Readonly<{ status: number; code: string | null; headers: Headers }>;

/** Sends something to a route, whose ids are made up, and checks what holds for every answer there is. */
async function ask(
  { method, path }: Pick<ApiRoute, 'method' | 'path'>,
  {
    body,
    headers = {},
    query = '',
  }: { body?: string; headers?: Record<string, string>; query?: string } = {},
): Promise<Asked> {
  // The workspace is a real one, which must outlive the test.
  const place = method === 'delete' ? path : path.replace('{workspaceId}', workspaceId);
  const url = used.gateway.url + place.replace(/\{\w+\}/g, () => randomUUID()) + query;
  const response = await fetch(url, {
    method: method.toUpperCase(),
    headers: { ...authorization, 'If-Match': '*', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const at = `${method} ${path}${query}`;
  const { headers: answered, status } = response;
  expect([at, answered.get('x-request-id')]).toEqual([at, expect.stringMatching(/^[\w.-]{8,64}$/)]);
  expect([at, answered.get('x-content-type-options')]).toEqual([at, 'nosniff']);
  expect([at, answered.get('vary')]).toEqual([at, expect.stringContaining('Origin')]);
  if (response.ok) return { status, code: null, headers: answered };
  const { code, ...problem } = problemBody(text);
  const type = answered.get('content-type');
  expect([at, type, problem.status]).toEqual([at, PROBLEM_TYPE, status]);
  expect([at, problem.requestId]).toEqual([at, answered.get('x-request-id')]);
  expect([at, answered.get('cache-control')]).toEqual([at, 'no-store']);
  return { status, code, headers: answered };
}

const nameOf = ({ method, path }: ApiRoute): string => `${method} ${path}`;
const takesBody = ({ operation }: ApiRoute): boolean => operation.request?.body !== undefined;
/** What a route answers to something, of all those that are asked. */
async function answers(
  routes: readonly ApiRoute[],
  what: Parameters<typeof ask>[1],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const route of routes) {
    const { status, code } = await ask(route, what);
    found[nameOf(route)] = `${status} ${code ?? ''}`;
  }
  return found;
}
const all = (routes: readonly ApiRoute[], answer: string): Record<string, string> =>
  Object.fromEntries(routes.map((route) => [nameOf(route), answer]));

describe('every route', () => {
  it('answers what it does not know with a problem, and what it knows with its limit', async () => {
    for (const route of used.gateway.routes) {
      // A stream would go on; ending one’s own sessions would end the test.
      if (route.path.endsWith('/events') || route.path.startsWith('/sessions')) continue;
      const { headers } = await ask(route);
      expect([nameOf(route), headers.get('ratelimit')]).toEqual([
        nameOf(route),
        expect.stringMatching(/^"default";r=\d+;t=\d+$/),
      ]);
      expect(headers.get('ratelimit-policy')).toMatch(/^"default";q=\d+;w=60$/);
    }
  });

  it('says which methods its path has', async () => {
    const paths = new Set(used.gateway.routes.map(({ path }) => path));
    for (const path of paths) {
      const methods = used.gateway.routes.filter((route) => route.path === path).map(({ method }) => method);
      const other = (['put', 'patch', 'delete', 'post', 'get'] as const).find(
        (each) => !methods.includes(each),
      );
      if (!other) continue;
      const { status, code, headers } = await ask({ method: other, path });
      expect([path, status, code]).toEqual([path, 405, 'METHOD_NOT_ALLOWED']);
      for (const method of methods) expect(headers.get('allow')).toContain(method.toUpperCase());
    }
  });

  it('that takes a body refuses what is no JSON, too much of it, or none at all', async () => {
    const routes = used.gateway.routes.filter(takesBody);
    expect(routes.length).toBeGreaterThan(30);
    const json = { 'Content-Type': 'application/json' };
    const nested = `${'['.repeat(40)}${']'.repeat(40)}`;
    for (const [body, headers, answer] of [
      ['{"a":', json, '400 JSON_INVALID'],
      ['{"a":1,"a":2}', json, '400 JSON_INVALID'],
      [nested, json, '400 JSON_INVALID'],
      ['', json, '400 JSON_INVALID'],
      ['{}', { 'Content-Type': 'text/plain' }, '415 MEDIA_TYPE_UNSUPPORTED'],
      ['{}', { ...json, 'Content-Encoding': 'br' }, '415 MEDIA_TYPE_UNSUPPORTED'],
      [`"${'x'.repeat(70_000)}"`, json, '413 BODY_TOO_LARGE'],
    ] as const) {
      const found = await answers(routes, { body, headers });
      const expected = all(routes, answer);
      // Many rows are what it is for.
      if (answer.startsWith('413')) expected['post /scans/bulk'] = '422 INPUT_INVALID';
      expect([body.slice(0, 20), found]).toEqual([body.slice(0, 20), expected]);
    }
  });

  it('that lists takes a limit and a cursor, and refuses what is none', async () => {
    const isList = ({ operation }: ApiRoute): boolean =>
      JSON.stringify(operation.responses[200] ?? '').includes('Page');
    const routes = used.gateway.routes.filter((route) => route.method === 'get' && isList(route));
    expect(routes.length).toBeGreaterThan(12);
    // What is in something that is not there is not there, whatever is asked of it.
    const inside = routes.filter(({ path }) => path.includes('{') && !path.startsWith('/workspaces'));
    for (const query of [
      '?limit=0',
      '?limit=201',
      '?limit=x',
      '?cursor=nonsense',
      '?cursor=',
      '?unheard=of',
    ]) {
      const found = await answers(routes, { query });
      for (const route of routes) {
        const allowed = inside.includes(route) ? /^(404|422) / : /^422 /;
        expect([query, nameOf(route), found[nameOf(route)]]).toEqual([
          query,
          nameOf(route),
          expect.stringMatching(allowed),
        ]);
      }
    }
  });
});
