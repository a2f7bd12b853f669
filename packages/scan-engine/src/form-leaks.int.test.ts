import type { SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const RECORDER = 'https://recorder-cdn.test/form-listener.js';

/** Leads away at the third letter. */
const leaving = testSite('leaving-while-typing', {
  '/': page(
    '<input name="message"><script>document.querySelector("input").oninput = ({ target }) => {' +
      'if (target.value.length === 3) location.href = "/away"; };</script>',
  ),
  '/away': page('<p>away</p>'),
});

let web: TestWeb;
let engine: ScanEngine;
let site: Site;
let observation: SiteObservation;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [leaving] });
  engine = await startTestEngine(web);
  const found = web.sites.find(({ name }) => name === 'form-listener');
  if (!found) throw new Error('the test web has lost its site form-listener');
  site = found;
  observation = await scanSite(engine, site.url, { mode: 'standard' });
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('what is typed into a form', () => {
  it('is seen wherever it goes, as it is, packed and hashed', () => {
    const leaks = observation.formLeaks.map(
      ({ channel, encoding, field }) => `${channel} ${encoding} ${field}`,
    );
    expect([...new Set(leaks)].sort()).toEqual([
      'beacon plain text',
      'cookie percent email',
      'get_query plain text',
      'get_query sha1 email',
      'get_query sha256 email',
      'image plain text',
      'local_storage plain email',
      'path plain text',
      'post_body base64 email',
      'post_body plain email',
      'session_storage plain text',
      'websocket plain email',
    ]);
  });

  it('is told with who sent it where, and never itself', () => {
    const posted = observation.formLeaks.find(({ channel }) => channel === 'post_body');
    expect(posted).toMatchObject({ host: 'recorder-sink.test', pageUrl: site.url });
    expect(posted?.initiators).toContain(RECORDER);
    expect(JSON.stringify(observation.formLeaks.map(({ url }) => url))).not.toMatch(/quill|wren/);
  });

  it('is never sent with the form', () => {
    expect(web.requestLog().filter(({ url }) => url.endsWith('/submitted'))).toEqual([]);
  });

  it('is told to be incomplete where the page goes elsewhere meanwhile', async () => {
    const [going, staying] = await Promise.all(
      [leaving.url, site.url].map(async (url) => await scanSite(engine, url, { mode: 'standard' })),
    );
    const cutShort = ({ quality }: SiteObservation): string[] =>
      quality.notes.filter((note) => note.startsWith('Typing into the forms of'));
    expect(going && cutShort(going)).toEqual([expect.stringContaining(leaving.url)]);
    expect(staying && cutShort(staying)).toEqual([]);
  });

  it.each([{ mode: 'quick' } as const, { mode: 'standard', typeIntoForms: false } as const])(
    'is nothing in a scan that does not type: %j',
    async (params) => {
      const { formLeaks, status } = await scanSite(engine, site.url, params);
      expect([status, formLeaks]).toEqual(['success', []]);
    },
  );
});
