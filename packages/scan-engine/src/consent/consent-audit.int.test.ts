import {
  siteObservationSchema,
  type ConsentRun,
  type ConsentState,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { CONSENT_SITES, startTestWeb, type ConsentSite, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from '../ahead.test.helper.ts';
import { startTestEngine } from '../engine-fixture.test.helper.ts';
import type { FileToSave } from '../files/file-keeper.ts';
import type { EngineProgress } from '../planned-scan.ts';
import type { ScanEngine } from '../scan-engine.ts';

const STATES: readonly ConsentState[] = ['untouched', 'accept', 'reject', 'gpc', 'gpc_reject'];
const PARALLEL_MAX = 2;
/** Far more than an audit needs on a machine that is not busy. */
const TIMEOUT_MS = 300_000;

interface Audited {
  readonly observation: SiteObservation;
  readonly files: readonly FileToSave[];
  readonly progress: readonly EngineProgress[];
}

let web: TestWeb;
let engine: ScanEngine;
const audit = workAhead<ConsentSite, Audited>(CONSENT_SITES, PARALLEL_MAX, async ({ url }) => {
  const files: FileToSave[] = [];
  const progress: EngineProgress[] = [];
  const observation = await engine.scan(url, {
    params: { mode: 'consent_audit', timeoutMs: TIMEOUT_MS },
    onProgress: (sign) => progress.push(sign),
    saveFile: async (file) => {
      files.push(file);
      return file.name;
    },
  });
  return { observation, files, progress };
});

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

async function audited(name: string): Promise<Audited> {
  const site = CONSENT_SITES.find((each) => each.name === name);
  if (!site) throw new Error(`the test web has lost its site ${name}`);
  return await audit(site);
}

async function runOf(name: string, state: ConsentState): Promise<ConsentRun> {
  const { observation } = await audited(name);
  const run = observation.consent.runs.find((each) => each.state === state);
  if (!run) throw new Error(`${name} was not looked at in the state ${state}`);
  return run;
}

/** What an observation says of everything that a truth speaks of, in the same form. */
function seen({ observation }: Audited, { consent: truth }: ConsentSite): object {
  const run = (state: ConsentState): ConsentRun | undefined =>
    observation.consent.runs.find((each) => each.state === state);
  const [untouched, accept, reject] = [run('untouched'), run('accept'), run('reject')];
  const cookies = Object.fromEntries(
    observation.cookies.map(({ name, inStates }) => [
      name,
      inStates.flatMap(({ state, atEnd }) => (atEnd ? [state] : [])).sort(),
    ]),
  );
  const withdrawal = accept?.withdrawal;
  const all = {
    found: untouched?.banner.found,
    place: untouched?.banner.place,
    kind: untouched?.banner.kind,
    manager: untouched?.banner.manager?.name,
    accept: accept?.outcome,
    reject: reject?.outcome,
    rejectPurposes: reject?.actions.map(({ purpose }) => purpose),
    bannerAfterReload: reject?.bannerAfterReload,
    preTicked: reject?.banner.preTicked,
    withdrawal: withdrawal && { offered: withdrawal.offered, done: withdrawal.done },
    cookies,
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in truth));
}

function sorted({ cookies, ...truth }: ConsentSite['consent']): object {
  return {
    ...truth,
    cookies: Object.fromEntries(Object.entries(cookies).map(([name, states]) => [name, [...states].sort()])),
  };
}

describe('an audit of consent', () => {
  it.each(CONSENT_SITES.map((site) => [site.name, site] as const))(
    '%s: sees the banner, makes the choices, and knows what was there in each state',
    async (_name, site) => {
      const result = await audit(site);
      expect(result.observation.consent.runs.map(({ state }) => state).sort()).toEqual([...STATES].sort());
      const ends = result.observation.consent.runs.map(({ status, statusReason }) => [status, statusReason]);
      expect(ends).toEqual(STATES.map(() => ['success', null]));
      expect(seen(result, site)).toEqual(sorted(site.consent));
      expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(result.observation)))).toEqual(
        result.observation,
      );
    },
    TIMEOUT_MS,
  );

  it('never presses anything that agrees when it was asked to refuse', async () => {
    const agreed: string[] = [];
    for (const site of CONSENT_SITES) {
      const { observation } = await audit(site);
      for (const { state, actions } of observation.consent.runs)
        for (const { purpose, text } of actions)
          if (state !== 'accept' && ['accept', 'acknowledge', 'pay', 'close'].includes(purpose))
            agreed.push(`${site.name} ${state}: ${String(text)}`);
    }
    expect(agreed).toEqual([]);
  });

  it('presses nothing in the states that make no choice', async () => {
    for (const site of CONSENT_SITES)
      for (const { state, actions, choiceAtMs } of (await audit(site)).observation.consent.runs)
        if (state === 'untouched' || state === 'gpc') expect([actions, choiceAtMs]).toEqual([[], null]);
  });

  it('says how long it waited for a banner that never came', async () => {
    const { banner } = await runOf('consent-hidden', 'reject');
    expect(banner.found).toBe(false);
    expect(banner.waitedMs).toBeGreaterThanOrEqual(30_000);
  });

  it('keeps what it pressed, with pictures of before and after', async () => {
    const { files, observation } = await audited('consent-document');
    const { actions } = await runOf('consent-document', 'reject');
    expect(actions).toMatchObject([
      {
        purpose: 'reject',
        by: 'words',
        text: 'Reject all',
        selector: '#reject',
        frameUrl: 'https://consent-document.test/',
      },
    ]);
    const names = files.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([actions[0]?.screenshotBefore, actions[0]?.screenshotAfter]),
    );
    expect(observation.files.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it('tells what was set before a choice from what came after it', async () => {
    const { observation } = await audited('consent-not-kept');
    const inReject = (name: string): unknown =>
      observation.cookies
        .find((cookie) => cookie.name === name)
        ?.inStates.find(({ state }) => state === 'reject');
    expect(inReject('_early')).toMatchObject({ beforeChoice: true, atEnd: true });
    expect(inReject('_late')).toMatchObject({ beforeChoice: false, setAfterChoice: true, atEnd: true });
  });

  it('says what became of cookies when consent was taken back', async () => {
    const { observation } = await audited('consent-withdrawal');
    const ads = observation.cookies.find(({ name }) => name === '_ads');
    expect(ads?.inStates).toEqual([
      { state: 'accept', beforeChoice: false, setAfterChoice: true, atEnd: true, afterWithdrawal: false },
    ]);
  });

  it('tells values that are the same in every profile from those that are not', async () => {
    const { observation } = await audited('consent-not-kept');
    expect(observation.cookies.find(({ name }) => name === '_early')?.sameInAllProfiles).toBe(true);
    const sold = (await audited('consent-document')).observation.cookies.find(({ name }) => name === '_ads');
    expect(sold?.sameInAllProfiles).toBeNull();
  });

  it('shows which state runs, and counts those that are done', async () => {
    const { progress } = await audited('consent-document');
    const last = progress.at(-1);
    const ofStates = progress.slice(0, -1);
    expect(new Set(ofStates.map(({ consentState }) => consentState))).toEqual(new Set(STATES));
    expect(ofStates.every(({ pagesKnown }) => pagesKnown === STATES.length)).toBe(true);
    expect(last).toMatchObject({ stage: 'collecting', consentState: null });
  });

  it(
    'shares its time between the states and says what it had no time for',
    async () => {
      const slow = CONSENT_SITES.find(({ name }) => name === 'consent-late');
      const observation = await engine.scan(slow?.url ?? '', {
        params: { mode: 'consent_audit', timeoutMs: 5_000 },
      });
      const looked = observation.consent.runs.map(({ state }) => state);
      expect(looked).toContain('untouched');
      const isWhole =
        looked.length === STATES.length &&
        observation.consent.runs.every(({ status }) => status === 'success');
      expect(observation.status === 'success').toBe(isWhole);
      const missed = STATES.filter((state) => !looked.includes(state));
      for (const state of missed) expect(observation.quality.notes.join(' ')).toContain(state);
    },
    TIMEOUT_MS,
  );
});

describe('consent strings and modes', () => {
  it('are decoded from the interface, the cookie and requests, over time', async () => {
    const { tcf, choiceAtMs } = await runOf('consent-tcf', 'accept');
    const [first] = tcf;
    expect(first).toMatchObject({
      source: 'api',
      malformed: false,
      cmpId: 31,
      gdprApplies: true,
      purposeConsents: [],
    });
    expect(first?.atMs).toBeLessThan(choiceAtMs ?? 0);
    for (const source of ['api', 'cookie', 'request'])
      expect(tcf.find((signal) => signal.source === source && signal.atMs > (choiceAtMs ?? 0))).toMatchObject(
        {
          malformed: false,
          cmpId: 27,
          purposeConsents: [1, 2, 3],
        },
      );
    expect((await runOf('consent-tcf', 'accept')).outcomeEvidence).toContain('tcf');
  });

  it('that nobody can read are recorded as such', async () => {
    const { tcf } = await runOf('consent-tcf-malformed', 'accept');
    expect(tcf.length).toBeGreaterThan(0);
    expect(tcf.every(({ malformed }) => malformed)).toBe(true);
  });

  it.each([
    ['consent-gpp-1-0', '1.0'],
    ['consent-gpp-1-1', '1.1'],
  ])('%s: are read from GPP of version %s', async (name, apiVersion) => {
    const { gpp } = await runOf(name, 'accept');
    expect(gpp.at(-1)).toMatchObject({
      source: 'api',
      apiVersion,
      malformed: false,
      sections: { usnat: { SaleOptOut: 2 } },
    });
  });

  it('of Google are told in their order, as declared and as sent', async () => {
    const { consentMode } = await runOf('consent-mode', 'accept');
    // After that the page is loaded again, and declares as it did at first.
    expect(consentMode.slice(0, 4).map(({ command, values }) => [command, values['ad_storage']])).toEqual([
      ['default', 'denied'],
      ['sent', 'denied'],
      ['update', 'granted'],
      ['sent', 'granted'],
    ]);
    expect(consentMode[1]).toMatchObject({
      url: 'https://consent-tags.test/g/collect',
      values: {
        ad_storage: 'denied',
        analytics_storage: 'denied',
        ad_user_data: 'denied',
        ad_personalization: 'denied',
      },
    });
  });
});

describe('Global Privacy Control', () => {
  const HOSTS = new Set(['consent-gpc-honoured.test', 'gpc-ads.test', 'gpc-frames.test']);

  it('is sent with every request of its runs, and with none of the others', async () => {
    const before = web.requestLog().length;
    await engine.scan('https://consent-gpc-honoured.test/', { params: { mode: 'quick', timeoutMs: 60_000 } });
    const ordinary = web
      .requestLog()
      .slice(before)
      .filter(({ host }) => HOSTS.has(host));
    expect(ordinary.length).toBeGreaterThan(5);
    expect(ordinary.filter(({ secGpc }) => secGpc !== null)).toEqual([]);

    await audited('consent-gpc-honoured');
    const asked = web.requestLog().filter(({ host }) => HOSTS.has(host));
    const silent = (path: string): number =>
      asked.filter(({ url, secGpc }) => url.includes(path) && secGpc === null).length;
    const saying = (path: string): number =>
      asked.filter(({ url, secGpc }) => url.includes(path) && secGpc === '1').length;
    const paths = [
      'honoured.test/',
      'pixel.gif',
      'gpc-frames.test/frame',
      '/frame?',
      '/beacon',
      'worker.js',
      'shared.js',
      '/worker?',
      '/shared?',
      '/service?',
    ];
    // Two of the five states of the audit say it; three do not, and neither does the scan before.
    for (const path of paths) expect([path, saying(path) > 0, silent(path) > 0]).toEqual([path, true, true]);
  });

  it('is seen by the scripts of pages, frames and workers before their first line', async () => {
    const { observation } = await audited('consent-gpc-honoured');
    const says = web.requestLog().filter(({ url, host }) => host === 'gpc-ads.test' && url.includes('says='));
    for (const { url, secGpc } of says)
      expect([url, url.endsWith(secGpc === '1' ? 'true' : 'false')]).toEqual([url, true]);
    expect(says.filter(({ url }) => url.endsWith('true')).length).toBeGreaterThanOrEqual(8);
    const page = observation.cookies.find(({ name }) => name === 'page_says');
    expect(page?.sameInAllProfiles).toBe(false);
  });

  it('is declared by the site where it says so', async () => {
    expect((await audited('consent-gpc-honoured')).observation.consent.gpcDeclaration).toEqual({
      url: 'https://consent-gpc-honoured.test/.well-known/gpc.json',
      httpStatus: 200,
      honoursGpc: true,
      lastUpdate: '2026-01-01',
    });
    expect((await audited('consent-document')).observation.consent.gpcDeclaration).toMatchObject({
      httpStatus: 404,
      honoursGpc: null,
    });
  });
});

describe('what a site declares', () => {
  it('is read from its consent manager and from the table it links to, without visiting that page', async () => {
    const { declarations } = (await audited('consent-declared')).observation.consent;
    expect(declarations).toEqual([
      {
        source: 'OneTrust',
        url: 'https://cdn.cookielaw.org/consent/0a1b-2c/0d1e-2f/en.json',
        cookies: [
          {
            name: '_ads',
            domain: 'consent-declared.test',
            category: 'Targeting Cookies',
            lifetimeText: '90 days',
            vendor: null,
          },
          {
            name: 'uid',
            domain: 'ads.test',
            category: 'Targeting Cookies',
            lifetimeText: 'session',
            vendor: 'Ads Inc.',
          },
        ],
      },
      {
        source: 'policy_table',
        url: 'https://consent-declared.test/cookie-policy',
        cookies: [
          { name: '_ads', domain: null, category: 'Advertising', lifetimeText: '1 day', vendor: 'Ads Inc.' },
          { name: 'choice', domain: null, category: 'Necessary', lifetimeText: '6 months', vendor: 'Us' },
        ],
      },
    ]);
  });
});
