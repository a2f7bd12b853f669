import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkInterfaces } from 'node:os';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web, { allowPrivateNetworks: true });
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('where the operator allows private networks', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ...(hasIpv6 ? [['[::1]', '[::1]'] as const] : []),
    ['localhost', 'localhost'],
    ['app.localhost', 'app.localhost'],
  ])('%s can be scanned, and its cookies have setters', async (host, domain) => {
    const url = `http://${host}:${web.privatePort}/`;
    const observation = await scanSite(engine, url);
    expect(observation).toMatchObject({
      status: 'success',
      finalUrl: url,
      cookies: [{ name: 'leaked', domain, hostOnly: true, party: 'first', setBy: { kind: 'http', url } }],
    });
  });
});
