import { randomUUID } from 'node:crypto';
import { isWorkspacePermission, makeApiKey, ruleOf } from '@cookie-scanner/auth';
import {
  apiKeyCreateSchema,
  apiKeyScopeSchema,
  tokenSchema,
  userRoleSchema,
  type ApiKeyScope,
  type UserRole,
} from '@cookie-scanner/contracts';
import { apiKeyRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { apiRouter, type ApiRoute } from './http/api-route.ts';
import type { Doorman } from './http/doorman.ts';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, PASSWORD, postJson, testAccounts, type TestPerson } from './testing/test-accounts.ts';

// Each test asks every route; on a busy machine that takes a while.
jest.setTimeout(300_000);

const ROLES = userRoleSchema.options;
const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;
const people = new Map<UserRole, { person: TestPerson; token: string }>();
const keys = new Map<ApiKeyScope, string>();
let keyWorkspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  accounts = testAccounts(gateway, database);
  for (const role of ROLES) {
    const person = await accounts.addPerson([role]);
    people.set(role, { person, token: await accounts.signIn(person) });
  }
  await makeKeys();
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

/** A key with each scope alone, of an Admin of a workspace. */
async function makeKeys(): Promise<void> {
  const maker = await accounts.addPerson(['Admin']);
  keyWorkspaceId = await accounts.addWorkspace();
  await accounts.join(keyWorkspaceId, maker, 'Admin');
  const deps = { keys: gateway.auth.keys, apiKeys: apiKeyRepository(gateway.database) };
  for (const scope of apiKeyScopeSchema.options) {
    const wanted = apiKeyCreateSchema.parse({ name: scope, scopes: [scope] });
    const place = { workspaceId: keyWorkspaceId, userId: maker.id };
    keys.set(scope, (await makeApiKey(deps, { ...wanted, ...place }, { actorKind: 'system' })).text);
  }
}

/** Sends a request without a body to a route, whose ids are made up unless it asks for the workspace. */
async function ask(route: ApiRoute, headers: Record<string, string>, workspaceId: string) {
  const path = route.path
    .replace('{workspaceId}', workspaceId)
    .replace('{format}', 'html')
    .replace(/\{\w+\}/g, () => randomUUID());
  const workspace = { 'X-Workspace-Id': workspaceId };
  const response = await fetch(gateway.url + path, {
    method: route.method.toUpperCase(),
    headers: { ...workspace, ...headers },
  });
  const text = await response.text();
  return { status: response.status, code: response.ok ? null : problemBody(text).code };
}

const DENIED = { status: 403, code: 'PERMISSION_DENIED' };
/** Let in: whatever becomes of a request for made-up things, it is not for want of rights. */
const isLetIn = ({ status, code }: { status: number; code: string | null }): boolean =>
  status < 500 && status !== 401 && status !== 403 && code !== 'WORKSPACE_NOT_FOUND';

/** Each route that is not public, one after the other, because what one test does another must not see. */
async function forEachProtected(check: (route: ApiRoute, name: string) => Promise<void>): Promise<void> {
  for (const route of gateway.routes) {
    if (route.permission !== 'public') await check(route, `${route.method} ${route.path}`);
  }
}

describe('every route', () => {
  it('is closed to strangers, or says that it is public', async () => {
    await forEachProtected(async (route, name) => {
      expect([name, await ask(route, {}, randomUUID())]).toEqual([
        name,
        { status: 401, code: 'AUTHENTICATION_REQUIRED' },
      ]);
      const forged = await ask(route, bearer('a.b.c'), randomUUID());
      expect([name, forged]).toEqual([name, { status: 401, code: 'TOKEN_INVALID' }]);
    });
    const open = gateway.routes.filter(({ permission }) => permission === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toMatchSnapshot();
  });

  it.each(ROLES)('lets a %s do what the policy says, and nothing else', async (role) => {
    const { person, token } = people.get(role) ?? { person: { id: '', email: '' }, token: '' };
    await forEachProtected(async (route, name) => {
      if (route.permission === 'public') return;
      const workspaceId = await accounts.addWorkspace();
      await accounts.join(workspaceId, person, role);
      const { level, roles } = ruleOf(route.permission);
      const answer = await ask(route, bearer(token), workspaceId);
      const isAllowed = level === 'own' || roles.includes(role);
      if (isAllowed) expect([name, answer, isLetIn(answer)]).toEqual([name, answer, true]);
      else expect([name, answer]).toEqual([name, DENIED]);
    });
  });

  it.each(ROLES)('shows a %s nothing of a workspace that is not theirs', async (role) => {
    const { token } = people.get(role) ?? { token: '' };
    const workspaceId = await accounts.addWorkspace();
    await forEachProtected(async (route, name) => {
      if (route.permission === 'public' || !isWorkspacePermission(route.permission)) return;
      const expected = { status: 404, code: 'WORKSPACE_NOT_FOUND' };
      for (const named of [workspaceId, randomUUID(), 'nonsense']) {
        expect([name, await ask(route, bearer(token), named)]).toEqual([name, expected]);
      }
    });
  });

  it.each(apiKeyScopeSchema.options)('lets a key with %s alone do what this scope is for', async (scope) => {
    const key = keys.get(scope) ?? '';
    await forEachProtected(async (route, name) => {
      if (route.permission === 'public') return;
      const answer = await ask(route, bearer(key), keyWorkspaceId);
      const isAllowed = ruleOf(route.permission).scope === scope;
      if (isAllowed) expect([name, answer, isLetIn(answer)]).toEqual([name, answer, true]);
      else expect([name, answer]).toEqual([name, DENIED]);
    });
  });

  it('that is dangerous asks an Admin for a fresh proof, whatever they may', async () => {
    const person = await accounts.addPerson(['Admin']);
    const workspaceId = await accounts.addWorkspace();
    await accounts.join(workspaceId, person, 'Admin');
    const login = await postJson(gateway, '/auth/login', { email: person.email, password: PASSWORD });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    // A token that a session goes on with proves nothing anew.
    const refreshed = await postJson(gateway, '/auth/refresh', {}, { Cookie: cookie });
    const { accessToken } = tokenSchema.parse(await refreshed.json());
    const dangerous = gateway.routes.filter(({ needsFreshProof }) => needsFreshProof === true);
    for (const route of dangerous) {
      const answer = await ask(route, bearer(accessToken), workspaceId);
      expect([route.path, answer]).toEqual([route.path, { status: 403, code: 'STEP_UP_REQUIRED' }]);
    }
    expect(dangerous.map(({ method, path }) => `${method} ${path}`).sort()).toMatchSnapshot();
  });

  it('that names no permission of the policy keeps the gateway from starting', () => {
    const route = { method: 'get', path: '/x', operation: { responses: {} }, handle: () => undefined };
    const nobody = {} as Doorman;
    for (const permission of [undefined, 'everything:write', '__proto__']) {
      expect(() => apiRouter([{ ...route, permission } as unknown as ApiRoute], nobody)).toThrow(
        /names no permission/,
      );
    }
  });
});

describe('a key', () => {
  it('may no more than its maker may at that moment', async () => {
    const maker = await accounts.addPerson();
    const workspaceId = await accounts.addWorkspace();
    await accounts.join(workspaceId, maker, 'Researcher');
    const deps = { keys: gateway.auth.keys, apiKeys: apiKeyRepository(gateway.database) };
    const wanted = apiKeyCreateSchema.parse({ name: 'Key', scopes: ['scans:write', 'scans:read'] });
    const by = { actorKind: 'system' } as const;
    const { text } = await makeApiKey(deps, { ...wanted, workspaceId, userId: maker.id }, by);
    const submit = async () => {
      const response = await gateway.fetch('/scans', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...bearer(text) },
        body: '{"url":"https://shop.example/"}',
      });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await submit()).toBe(202);
    const demote = `UPDATE workspace_members SET role = 'Viewer' WHERE user_id = $1`;
    for (const [change, status] of [
      [demote, 403],
      ['DELETE FROM workspace_members WHERE user_id = $1', 404],
      [`UPDATE users SET state = 'disabled' WHERE id = $1`, 401],
    ] as const) {
      await database.sql(change, [maker.id]);
      gateway.authenticator.forgetAll();
      expect(await submit()).toBe(status);
    }
  });
});
