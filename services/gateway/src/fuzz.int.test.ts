import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryRequest, type FuzzRequest } from './testing/fuzz/arbitrary-request.ts';
import { claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

/** Seconds, and the seed of a run to repeat. `.ci/run` takes two minutes. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 15);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

jest.setTimeout((SECONDS + 120) * 1_000);
const used = useTestGateway({ isAudited: false });

/** They end what this test lives on: its key, its person, its workspace. */
const LEFT_OUT = new Set([
  'deleteWorkspace',
  'revokeApiKey',
  'updateUser',
  'logout',
  'endSession',
  'endSessions',
]);

/** Things that are there, by the names that paths have for their ids. */
async function knownIds(): Promise<Record<string, string[]>> {
  const { scans } = used.gateway;
  const waiting = await scans.create({ requestedUrl: 'https://waiting.example/', params: {} });
  const done = await scans.create({ requestedUrl: 'https://done.example/', params: {} });
  await finishScan(used.gateway, done.id, await claimScan(used.gateway, done.id), ['a', 'b']);
  const made = async (path: string, body: object): Promise<string> => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await used.gateway.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { id: string }).id;
  };
  const [workspace] = await used.database.sql<{ id: string }>('SELECT id FROM workspaces');
  const [person] = await used.database.sql<{ id: string }>('SELECT id FROM users');
  return {
    scanId: [waiting.id, done.id],
    profileId: [await made('/profiles', { name: 'Known', params: {} })],
    domainId: [await made('/domains', { domain: 'known.example', startUrls: ['https://known.example/'] })],
    workspaceId: [workspace?.id ?? ''],
    userId: [person?.id ?? ''],
    format: ['html', 'json'],
    name: ['requests.har', 'page-1.png'],
  };
}

async function send(request: FuzzRequest, authorization: string): Promise<void> {
  const ending = new AbortController();
  const response = await used.gateway.fetch(request.path, {
    method: request.method,
    headers: { ...request.headers, Authorization: authorization },
    signal: ending.signal,
    ...(request.body === null ? {} : { body: request.body }),
  });
  // A stream of events ends when we go.
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? '' : await response.text();
  ending.abort();
  // On a busy machine a server may be slow to answer; then we say so. Everything else above 499 is a fault of ours.
  const isAway = response.status === 503 && response.headers.has('retry-after');
  if (!isAway) expect(response.status).toBeLessThan(500);
  expect(text).not.toMatch(/node_modules|\.[jt]s:\d+:\d+|PrismaClient/);
  if (response.status >= 400) expect(problemBody(text).status).toBe(response.status);
}

it(`no request leads to a fault of ours or shows our insides (seed ${SEED})`, async () => {
  const document: unknown = await (await used.gateway.fetch('/openapi.json')).json();
  const accounts = testAccounts(used.gateway, used.database);
  const admin = await accounts.addPerson(['Admin']);
  const known = await knownIds();
  await accounts.join(known['workspaceId']?.[0] ?? '', admin, 'Admin');
  const people = [bearer(await accounts.signIn(admin)).Authorization, `Bearer ${used.gateway.apiKey}`];

  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      arbitraryRequest(document, known, (operationId) => LEFT_OUT.has(operationId)),
      fc.constantFrom(...people),
      async (request, authorization) => {
        sent += 1;
        await send(request, authorization);
      },
    ),
    {
      seed: SEED,
      numRuns: 1_000_000,
      interruptAfterTimeLimit: SECONDS * 1_000,
      markInterruptAsFailure: false,
    },
  );
  expect(sent).toBeGreaterThan(10);
});
