import { randomUUID } from 'node:crypto';
import {
  domainConfigPageSchema,
  domainConfigSchema,
  scanParamsSchema,
  scanProfilePageSchema,
  scanProfileSchema,
  scanResultSchema,
} from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { sendRaw } from './testing/raw-http.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';
import { testAccounts, bearer } from './testing/test-accounts.ts';

const used = useTestGateway();

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  used.gateway.fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const refusal = async (response: Response): Promise<[number, string]> => [
  response.status,
  problemBody(await response.text()).code,
];
const tagOf = (response: Response) => ({ 'If-Match': response.headers.get('etag') ?? '' });

async function newProfile(name: string, params: object = { mode: 'deep', pagesMax: 7 }) {
  const response = await send('POST', '/profiles', { name, params });
  expect([name, response.status]).toEqual([name, 201]);
  return { ...scanProfileSchema.parse(await response.json()), tag: tagOf(response) };
}

async function submit(body: object) {
  const response = await send('POST', '/scans', body);
  expect(response.status).toBe(202);
  return scanResultSchema.parse(await response.json());
}

describe('profiles', () => {
  it('are those of the platform and one’s own, page by page', async () => {
    const own = await newProfile('Shop');
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = scanProfilePageSchema.parse(
        await (await send('GET', `/profiles?limit=2${cursor}`)).json(),
      );
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen.sort()).toEqual(['Consent audit', 'Deep', 'Quick', 'Shop', 'Standard']);
    expect(own).toMatchObject({ builtIn: false, version: 1, params: { mode: 'deep', pagesMax: 7 } });
  });

  it('keep their id when their parameters change, and scans keep those they were made with', async () => {
    const { id, tag } = await newProfile('Nightly');
    const before = await submit({ url: 'https://shop.example/', profileId: id });
    expect(before.params).toEqual(scanParamsSchema.parse({ mode: 'deep', pagesMax: 7 }));
    const changed = await send('PATCH', `/profiles/${id}`, { name: 'Daily', params: { mode: 'quick' } }, tag);
    expect(scanProfileSchema.parse(await changed.json())).toMatchObject({
      id,
      name: 'Daily',
      version: 2,
      params: scanParamsSchema.parse({ mode: 'quick' }),
    });
    const after = await submit({ url: 'https://shop.example/', profileId: id, har: true });
    expect(after.params).toEqual(scanParamsSchema.parse({ mode: 'quick', har: true }));
    const again = await send('GET', `/scans/${before.id}`);
    expect(scanResultSchema.parse(await again.json()).params.pagesMax).toBe(7);
  });

  it('of one name there is one, whatever the case, and its name is free when it is gone', async () => {
    const { id } = await newProfile('Twice');
    expect(await refusal(await send('POST', '/profiles', { name: 'TWICE', params: {} }))).toEqual([
      409,
      'CONFLICT',
    ]);
    expect((await send('DELETE', `/profiles/${id}`)).status).toBe(204);
    expect(await refusal(await send('GET', `/profiles/${id}`))).toEqual([404, 'PROFILE_NOT_FOUND']);
    await newProfile('twice');
  });

  it('of the platform stay as they are', async () => {
    const page = scanProfilePageSchema.parse(await (await send('GET', '/profiles')).json());
    const builtIn = page.items.find((profile) => profile.builtIn);
    for (const [method, body] of [
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await send(method, `/profiles/${builtIn?.id ?? ''}`, body, { 'If-Match': '*' });
      expect(await refusal(answer)).toEqual([409, 'CONFLICT']);
    }
  });

  it.each([
    ['a mode that there is not', { name: 'x', params: { mode: 'everything' } }],
    ['a time of 0', { name: 'x', params: { timeoutMs: 0 } }],
    ['an option that there is not', { name: 'x', params: { steps: [] } }],
    ['a line break in the name', { name: 'a\nb', params: {} }],
    ['the name of one of the platform', { name: 'Quick', params: {} }],
    ['a workspace of its own choice', { name: 'x', params: {}, workspaceId: randomUUID() }],
  ])('are refused with %s', async (_what, body) => {
    expect(await refusal(await send('POST', '/profiles', body))).toEqual([422, 'INPUT_INVALID']);
  });

  it('of another workspace are nowhere to be found, not even for a scan', async () => {
    const { id } = await newProfile('Ours');
    const accounts = testAccounts(used.gateway, used.database);
    const stranger = await accounts.addPerson();
    await accounts.join(await accounts.addWorkspace(), stranger, 'Admin');
    const as = { ...bearer(await accounts.signIn(stranger)), 'If-Match': '*' };
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Theirs' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await send(method, `/profiles/${id}`, body, as);
      expect(await refusal(answer)).toEqual([404, 'PROFILE_NOT_FOUND']);
    }
    const scan = await send('POST', '/scans', { url: 'https://shop.example/', profileId: id }, as);
    expect(await refusal(scan)).toEqual([422, 'INPUT_INVALID']);
  });
});

describe('watched sites', () => {
  const site = (domain: string, more: object = {}) => ({
    domain,
    startUrls: [`https://${domain}/`],
    ...more,
  });

  it('have labels, notes and a usual profile, which counts for scans that ask for nothing else', async () => {
    const profile = await newProfile('Watched');
    const response = await send(
      'POST',
      '/domains',
      site('watched.example', {
        labels: ['eu', 'shop'],
        notes: 'Ask Ada.\nTwice.',
        defaultProfileId: profile.id,
      }),
    );
    expect(response.status).toBe(201);
    const watched = domainConfigSchema.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/api/v1/domains/${watched.id}`);
    expect(watched).toMatchObject({ state: 'active', notes: 'Ask Ada.\nTwice.' });
    expect((await submit({ url: 'https://watched.example/x' })).params).toEqual(profile.params);
    expect((await submit({ url: 'https://watched.example/x', mode: 'quick' })).params.mode).toBe('quick');
    expect(await refusal(await send('DELETE', `/profiles/${profile.id}`))).toEqual([409, 'CONFLICT']);

    const archived = await send('PATCH', `/domains/${watched.id}`, { state: 'archived' }, tagOf(response));
    expect(archived.status).toBe(200);
    expect(await refusal(await send('POST', '/scans', { url: 'https://watched.example/' }))).toEqual([
      409,
      'CONFLICT',
    ]);
    expect((await send('DELETE', `/domains/${watched.id}`)).status).toBe(204);
    expect(await refusal(await send('GET', `/domains/${watched.id}`))).toEqual([404, 'DOMAIN_NOT_FOUND']);
  });

  it('are found by state and by all of some labels, in the order of their names', async () => {
    for (const [domain, labels] of [
      ['b.example', ['x']],
      ['a.example', ['x', 'y']],
      ['c.example', ['y']],
    ] as const) {
      expect((await send('POST', '/domains', site(domain, { labels }))).status).toBe(201);
    }
    const names = async (query: string) =>
      domainConfigPageSchema
        .parse(await (await send('GET', `/domains${query}`)).json())
        .items.map((each) => each.domain);
    expect(await names('?label=x')).toEqual(['a.example', 'b.example']);
    expect(await names('?label=x&label=y')).toEqual(['a.example']);
    expect(await names('?state=paused')).toEqual([]);
    expect(await refusal(await send('GET', '/domains?label=A%20b'))).toEqual([422, 'INPUT_INVALID']);
    expect(await refusal(await send('POST', '/domains', site('a.example')))).toEqual([409, 'CONFLICT']);
  });

  it('start on the site itself, with a profile that there is', async () => {
    const created = await send('POST', '/domains', site('start.example'));
    const { id } = domainConfigSchema.parse(await created.json());
    for (const change of [{ startUrls: ['https://other.example/'] }, { defaultProfileId: randomUUID() }]) {
      const answer = await send('PATCH', `/domains/${id}`, change, tagOf(created));
      expect(problemBody(await answer.text())).toMatchObject({ status: 422, errors: [expect.anything()] });
    }
  });
});

describe('a change', () => {
  it('needs If-Match, of two at once one counts, and whoever knows the state hears 304', async () => {
    const { id, tag } = await newProfile('Contested');
    const path = `/profiles/${id}`;
    expect(await refusal(await send('PATCH', path, { name: 'Without' }))).toEqual([
      428,
      'PRECONDITION_REQUIRED',
    ]);
    const both = await Promise.all(
      ['One', 'Other'].map((name) => send('PATCH', path, { name: `Contested ${name}` }, tag)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await refusal(await send('DELETE', path, undefined, tag))).toEqual([412, 'PRECONDITION_FAILED']);
    const current = await send('GET', path);
    const headers = { 'If-None-Match': current.headers.get('etag') ?? '' };
    expect((await sendRaw(used.gateway, { path: `/api/v1${path}`, headers })).status).toBe(304);
  });

  it('is recorded in the audit log with what was and what is', async () => {
    const { id, tag } = await newProfile('Recorded');
    await send('PATCH', `/profiles/${id}`, { description: 'Now with words' }, tag);
    const rows = await used.database.sql(
      `SELECT action, before ->> 'description' AS before, after ->> 'description' AS after FROM audit_logs
        WHERE target_id = $1 ORDER BY sequence`,
      [id],
    );
    expect(rows).toEqual([
      { action: 'profile.create', before: null, after: '' },
      { action: 'profile.update', before: '', after: 'Now with words' },
    ]);
  });
});
