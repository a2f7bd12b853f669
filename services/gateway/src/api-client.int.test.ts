import { ApiProblem, dataOf, itemsOf, ndjson, watchScan } from '@cookie-scanner/api-client';
import { describe, expect, it } from '@jest/globals';
import { buildReport, claimScan, finishScan } from './testing/play-worker.ts';
import { testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('the typed client', () => {
  it('submits a scan, follows it, and fetches what it found', async () => {
    const { api } = used.gateway;
    const { id } = await dataOf(
      api.POST('/scans', { body: { url: 'https://shop.example/', mode: 'quick' } }),
    );
    const names = Array.from({ length: 5 }, (_, index) => `cookie-${index}`);
    const stages: string[] = [];
    let isTaken = false;
    for await (const { event, data } of watchScan(api, id)) {
      stages.push(event === 'finished' ? data.status : data.stage);
      if (isTaken) continue;
      isTaken = true;
      await finishScan(used.gateway, id, await claimScan(used.gateway, id), names);
      await buildReport(used.gateway, id, 'html', '<p>Report</p>');
      await buildReport(used.gateway, id, 'json', '{}');
    }
    expect([stages[0], stages.at(-1)]).toEqual(['queued', 'success']);

    const path = { scanId: id };
    const cookies = itemsOf((after) =>
      api.GET('/scans/{scanId}/cookies', { params: { path, query: { limit: 2, ...after } } }),
    );
    expect((await all(cookies)).map(({ name }) => name).sort()).toEqual(names);
    const params = { path: { ...path, format: 'html' as const } };
    const report = await dataOf(
      api.GET('/scans/{scanId}/reports/{format}', { params, parseAs: 'arrayBuffer' }),
    );
    expect(Buffer.from(report).toString()).toBe('<p>Report</p>');
  });

  it('submits many URLs as lines, and lists them page by page', async () => {
    const { api } = used.gateway;
    const urls = Array.from({ length: 30 }, (_, index) => `https://bulk-${index}.example/`);
    const { batch, refused } = await dataOf(api.POST('/scans/bulk', ndjson([...urls, 'ftp://no.example/'])));
    expect([batch.scanCount, refused.map(({ row }) => row)]).toEqual([30, [31]]);
    const scans = itemsOf((after) =>
      api.GET('/scans', { params: { query: { batchId: batch.id, limit: 20, ...after } } }),
    );
    expect((await all(scans)).map(({ requestedUrl }) => requestedUrl).sort()).toEqual(urls.sort());
  });

  it('changes what nobody else changed, and says why not otherwise', async () => {
    const { api } = used.gateway;
    const made = await api.POST('/profiles', { body: { name: 'Nightly', params: { mode: 'deep' } } });
    const params = {
      path: { profileId: made.data?.id ?? '' },
      header: { 'If-Match': made.response.headers.get('etag') ?? '' },
    };
    const change = (name: string) => dataOf(api.PATCH('/profiles/{profileId}', { params, body: { name } }));
    expect((await change('Daily')).name).toBe('Daily');
    await expect(change('Weekly')).rejects.toMatchObject({ status: 412, code: 'PRECONDITION_FAILED' });
    const { path } = params;
    await dataOf(api.DELETE('/profiles/{profileId}', { params: { path } }));
    const gone = dataOf(api.GET('/profiles/{profileId}', { params: { path } }));
    await expect(gone).rejects.toMatchObject({ code: 'PROFILE_NOT_FOUND' });
  });

  it('is somebody’s, or a stranger’s', async () => {
    const accounts = testAccounts(used.gateway, used.database);
    const person = await accounts.addPerson();
    const { user } = await dataOf(used.gateway.apiAs(await accounts.signIn(person)).GET('/me'));
    expect(user.email).toBe(person.email);
    const refusal = await dataOf(used.gateway.apiAs().GET('/scans')).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiProblem);
    expect(refusal).toMatchObject({ status: 401, code: 'AUTHENTICATION_REQUIRED' });
  });
});
