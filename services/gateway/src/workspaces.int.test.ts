import { randomUUID } from 'node:crypto';
import {
  auditLogPageSchema,
  invitationSchema,
  memberPageSchema,
  ownWorkspaceListSchema,
  ownWorkspaceSchema,
  roleListSchema,
  userSchema,
  type UserRole,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, postJson, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  accounts = testAccounts(gateway, database);
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

/** A workspace with one signed-in member. */
async function lab(role: UserRole, platform: UserRole[] = []) {
  const person = await accounts.addPerson(platform);
  const workspaceId = await accounts.addWorkspace();
  await accounts.join(workspaceId, person, role);
  return { person, workspaceId, token: await accounts.signIn(person) };
}

async function newMember(workspaceId: string, role: UserRole): Promise<TestPerson> {
  const person = await accounts.addPerson();
  await accounts.join(workspaceId, person, role);
  return person;
}

async function send(method: string, path: string, token: string, body?: unknown) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(gateway.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'If-Match': '*', ...bearer(token) },
    ...json,
  });
  const text = await response.text();
  return {
    status: response.status,
    code: response.ok ? null : problemBody(text).code,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

describe('roles', () => {
  it('are shown with what each may do, to everybody who could be given one', async () => {
    const { token } = await lab('Viewer');
    const { items } = roleListSchema.parse((await send('GET', '/roles', token)).body);
    const rightsOf = (wanted: UserRole) => items.find(({ role }) => role === wanted)?.rights ?? [];
    expect(items.map(({ role }) => role)).toEqual(['Admin', 'PI', 'Researcher', 'Analyst', 'Viewer']);
    expect(rightsOf('Researcher')).toContainEqual({
      ...{ permission: 'scans:write', level: 'workspace', scope: 'scans:write' },
    });
    expect(rightsOf('Analyst').map(({ permission }) => permission)).not.toContain('scans:write');
    expect(rightsOf('Analyst')).toEqual(expect.arrayContaining(rightsOf('Viewer')));
  });
});

describe('a workspace', () => {
  it('belongs to its maker, is changed, and goes with everything in it', async () => {
    const { token } = await lab('Viewer', ['PI']);
    const made = await send('POST', '/workspaces', token, { name: 'Größe & Co.' });
    expect(made.status).toBe(201);
    const { id, role } = ownWorkspaceSchema.parse(made.body);
    expect(role).toBe('Admin');
    expect(
      (await send('PATCH', `/workspaces/${id}`, token, { description: 'For tests' })).body,
    ).toMatchObject({
      name: 'Größe & Co.',
      description: 'For tests',
    });
    const listed = ownWorkspaceListSchema.parse((await send('GET', '/workspaces', token)).body);
    expect(listed.items.map((item) => item.id)).toContain(id);

    await gateway.scans.create({ requestedUrl: 'https://shop.example/', params: {}, workspaceId: id });
    expect((await send('DELETE', `/workspaces/${id}`, token)).status).toBe(204);
    expect((await send('GET', `/workspaces/${id}`, token)).code).toBe('WORKSPACE_NOT_FOUND');
    expect(await database.sql('SELECT FROM scan_results WHERE workspace_id = $1', [id])).toEqual([]);
    const logs = await database.sql<{ action: string }>(
      'SELECT action FROM audit_logs WHERE workspace_id = $1 ORDER BY sequence',
      [id],
    );
    expect(logs.map(({ action }) => action)).toEqual([
      'workspace.create',
      'workspace.update',
      'workspace.delete',
    ]);
  });

  it('is made by those who lead on the platform alone, and the first one stays', async () => {
    const { token } = await lab('Admin');
    expect((await send('POST', '/workspaces', token, { name: 'Lab' })).code).toBe('PERMISSION_DENIED');
    const admin = await accounts.addPerson(['Admin']);
    const first = '00000000-0000-4000-8000-000000000001';
    await accounts.join(first, admin, 'Admin');
    const refused = await send('DELETE', `/workspaces/${first}`, await accounts.signIn(admin));
    expect([refused.status, refused.code]).toEqual([409, 'CONFLICT']);
  });
});

describe('an invitation', () => {
  const accept = (body: object) => postJson(gateway, '/auth/invitations/accept', body);

  it('opens an account once, with the rights it says and no others', async () => {
    const { workspaceId, token } = await lab('PI');
    const email = `${randomUUID()}@example.org`;
    const invited = await send('POST', `/workspaces/${workspaceId}/members`, token, {
      email,
      role: 'Analyst',
    });
    expect(invited.status).toBe(201);
    const { member, invitationToken } = invitationSchema.parse(invited.body);
    expect(member).toMatchObject({ email, role: 'Analyst', state: 'invited' });
    const body = { token: invitationToken, name: 'Grace', password: 'eleven quiet harbours' };
    const refusals = await Promise.all([
      accept({ ...body, role: 'Admin' }),
      accept({ ...body, workspaceId: randomUUID() }),
      accept({ ...body, password: 'password' }),
      accept({ ...body, password: email }),
      accept({ ...body, token: 'a'.repeat(43) }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([422, 422, 422, 422, 400]);

    const all = await Promise.all(Array.from({ length: 5 }, () => accept(body)));
    expect(all.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400, 400]);
    const login = await postJson(gateway, '/auth/login', { email, password: body.password });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const me = await send('GET', '/me', accessToken);
    expect(me.body).toMatchObject({
      user: { name: 'Grace', roles: [] },
      memberships: [{ workspaceId, role: 'Analyst' }],
    });
  });

  it('makes those who have an account members at once, and is refused the second time', async () => {
    const { workspaceId, token } = await lab('Admin');
    const { id, email } = await accounts.addPerson();
    const path = `/workspaces/${workspaceId}/members`;
    const first = await send('POST', path, token, { email, role: 'Viewer' });
    expect(first.body).toMatchObject({ member: { userId: id }, invitationToken: null });
    expect((await send('POST', path, token, { email, role: 'Admin' })).code).toBe('CONFLICT');
    const { items } = memberPageSchema.parse((await send('GET', path, token)).body);
    expect(items.map(({ role }) => role).sort()).toEqual(['Admin', 'Viewer']);
  });

  it('sent again, replaces the first', async () => {
    const { workspaceId, token } = await lab('PI');
    const wanted = { email: `${randomUUID()}@example.org`, role: 'Viewer' };
    const invite = async () =>
      invitationSchema.parse((await send('POST', `/workspaces/${workspaceId}/members`, token, wanted)).body);
    const [first, second] = [await invite(), await invite()];
    const body = { name: 'Grace', password: 'eleven quiet harbours' };
    expect((await accept({ ...body, token: first.invitationToken })).status).toBe(400);
    expect((await accept({ ...body, token: second.invitationToken })).status).toBe(204);
  });
});

describe('roles of members', () => {
  it('are not given or taken above one’s own', async () => {
    const { workspaceId, token } = await lab('PI');
    const admin = await newMember(workspaceId, 'Admin');
    const viewer = await newMember(workspaceId, 'Viewer');
    const at = (person: TestPerson) => `/workspaces/${workspaceId}/members/${person.id}`;
    const members = `/workspaces/${workspaceId}/members`;
    for (const refused of [
      await send('PATCH', at(admin), token, { role: 'Viewer' }),
      await send('DELETE', at(admin), token),
      await send('PATCH', at(viewer), token, { role: 'Admin' }),
      await send('POST', members, token, { email: 'x@example.org', role: 'Admin' }),
    ]) {
      expect([refused.status, refused.code]).toEqual([403, 'PERMISSION_DENIED']);
    }
    expect((await send('PATCH', at(viewer), token, { role: 'PI' })).body).toMatchObject({ role: 'PI' });
    expect((await send('DELETE', at(viewer), token)).status).toBe(204);
    expect((await send('DELETE', at(viewer), token)).code).toBe('MEMBER_NOT_FOUND');
  });

  it('leave every workspace one Admin, also when two go at once', async () => {
    const { workspaceId, person, token } = await lab('Admin');
    const own = `/workspaces/${workspaceId}/members/${person.id}`;
    const leave = `/workspaces/${workspaceId}/membership`;
    expect((await send('PATCH', own, token, { role: 'Viewer' })).code).toBe('LAST_ADMIN');
    expect((await send('DELETE', own, token)).code).toBe('LAST_ADMIN');
    expect((await send('DELETE', leave, token)).code).toBe('LAST_ADMIN');

    const other = await newMember(workspaceId, 'Admin');
    const otherToken = await accounts.signIn(other);
    const both = await Promise.all([send('DELETE', leave, token), send('DELETE', leave, otherToken)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
  });
});

describe('accounts of the platform', () => {
  it('are switched off and signed out by an Admin, at once', async () => {
    const { token } = await lab('Viewer', ['Admin']);
    const person = await accounts.addPerson();
    const theirs = await accounts.signIn(person);
    expect((await send('GET', '/me', theirs)).status).toBe(200);
    expect((await send('DELETE', `/users/${person.id}/sessions`, token)).status).toBe(204);
    expect((await send('GET', '/me', theirs)).status).toBe(401);

    const again = await accounts.signIn(person);
    const off = await send('PATCH', `/users/${person.id}`, token, { state: 'disabled' });
    expect(userSchema.parse(off.body).state).toBe('disabled');
    expect((await send('GET', '/me', again)).status).toBe(401);
    expect((await send('PATCH', `/users/${person.id}`, token, { state: 'invited' })).status).toBe(422);
    expect((await send('PATCH', `/users/${randomUUID()}`, token, { state: 'active' })).code).toBe(
      'USER_NOT_FOUND',
    );
  });

  it('are listed page by page', async () => {
    const { token } = await lab('Viewer', ['Admin']);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '?limit=3' : `?limit=3&cursor=${cursor}`;
      const page = (await send('GET', `/users${query}`, token)).body as {
        items: { email: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map(({ email }) => email));
      cursor = page.nextCursor;
    }
    const [row] = await database.sql<{ count: string }>('SELECT count(*) FROM users');
    expect(new Set(seen).size).toBe(Number(row?.count));
    expect(seen.length).toBe(Number(row?.count));
  });
});

describe('the audit log', () => {
  it('shows what was done in a workspace, and keeps who was refused on the platform', async () => {
    const { workspaceId, person, token } = await lab('PI', ['Admin']);
    await send('PATCH', `/workspaces/${workspaceId}`, token, { name: 'Renamed' });
    const { items } = auditLogPageSchema.parse((await send('GET', '/audit-logs', token)).body);
    expect(items).toMatchObject([
      { action: 'workspace.update', actorId: person.id, workspaceId, after: { name: 'Renamed' } },
    ]);
    const stranger = await lab('Viewer');
    expect((await send('GET', `/workspaces/${workspaceId}`, stranger.token)).status).toBe(404);
    const own = `/workspaces/${stranger.workspaceId}`;
    expect((await send('PATCH', own, stranger.token, { name: 'Mine' })).status).toBe(403);
    expect((await send('DELETE', `${own}/membership`, (await lab('Admin')).token)).status).toBe(404);
    expect((await fetch(`${gateway.url}/me`)).status).toBe(401);
    const platform = auditLogPageSchema.parse(
      (await send('GET', '/platform/audit-logs?limit=200', token)).body,
    );
    expect(platform.items).toContainEqual(
      expect.objectContaining({
        action: 'request.refuse',
        outcome: 'refused',
        actorId: stranger.person.id,
        targetId: 'GET /workspaces/:workspaceId',
        after: { code: 'WORKSPACE_NOT_FOUND' },
      }),
    );
    const refusals = platform.items.map(({ actorKind, targetId, after }) => [
      actorKind,
      targetId,
      after?.['code'],
    ]);
    expect(refusals).toEqual(
      expect.arrayContaining([
        ['user', 'PATCH /workspaces/:workspaceId', 'PERMISSION_DENIED'],
        ['user', 'DELETE /workspaces/:workspaceId/membership', 'WORKSPACE_NOT_FOUND'],
        ['anonymous', 'GET /me', 'AUTHENTICATION_REQUIRED'],
      ]),
    );
  });
});
