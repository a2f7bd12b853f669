import { describe, expect, it } from '@jest/globals';
import { analyseObservation } from '@cookie-scanner/analysis';
import {
  consentRunSchema,
  type ConsentState,
  type CookieInState,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { consentStates } from './consent-states.ts';

const knowledge = loadKnowledge();

const banner = (found: boolean) => ({
  ...{ found, waitedMs: 1, foundBy: null, kind: null, place: null, operable: found, atMs: null },
});

function run(state: ConsentState, change: object) {
  return consentRunSchema.parse({
    ...{ state, status: 'success', statusReason: null, durationMs: 1, finalUrl: null, banner: banner(true) },
    ...{ actions: [], outcome: 'not_asked', outcomeEvidence: [], choiceAtMs: null, reloadedAtMs: null },
    ...{ bannerAfterReload: null, withdrawal: null, tcf: [], gpp: [], consentMode: [], thirdPartyHosts: [] },
    ...change,
  });
}

const pressed = (text: string) => ({
  ...{ purpose: 'reject', by: 'words', text, selector: 'x', frameUrl: 'x', layer: 1, atMs: 1 },
});

function seen(state: ConsentState, change: Partial<CookieInState>): CookieInState {
  return { state, beforeChoice: false, setAfterChoice: false, atEnd: true, afterWithdrawal: null, ...change };
}

function audit(): SiteObservation {
  const runs = [
    run('accept', { outcome: 'taken', actions: [pressed('OK')] }),
    run('untouched', {}),
    run('reject', { outcome: 'taken', actions: [pressed('More'), pressed('No')], bannerAfterReload: true }),
    run('gpc', { status: 'failed' }),
  ];
  const cookies = [
    sampleCookie({
      name: '_fbp',
      inStates: [
        seen('untouched', { beforeChoice: true }),
        seen('reject', { beforeChoice: true, atEnd: false }),
        seen('accept', { setAfterChoice: true, afterWithdrawal: true }),
      ],
    }),
    sampleCookie({ name: '_ga', inStates: [seen('reject', { setAfterChoice: true })] }),
    sampleCookie({ name: 'PHPSESSID', inStates: [seen('untouched', { beforeChoice: true })] }),
  ];
  const consent = { runs, gpcDeclaration: null, declarations: [] };
  return sampleObservation(cookies, { consent });
}

describe('consent states side by side', () => {
  const observation = audit();
  const states = consentStates(observation, analyseObservation(observation, knowledge));

  it('stand in one order, each with what the visitor did', () => {
    expect(states?.columns).toEqual([
      { title: 'Nothing chosen', what: 'A banner, left alone' },
      { title: 'Refused', what: 'Pressed “More”, then “No”' },
      { title: 'Accepted', what: 'Pressed “OK”' },
      { title: 'Privacy signal', what: 'This visit did not succeed' },
    ]);
    expect(states?.facts).toContainEqual({
      label: 'After refusing and loading again',
      text: 'the banner is back',
    });
  });

  it('count the cookies that were there at the end, and mark those that must not be', () => {
    const counts = states?.counts.map(({ category, cells }) => [
      category,
      ...cells.map(({ text, tone }) => `${text} ${tone}`),
    ]);
    expect(counts).toEqual([
      ['Marketing', '1 bad', '0 none', '1 plain', '0 none'],
      ['Analytics', '0 none', '1 bad', '0 none', '0 none'],
      ['Necessary', '1 plain', '0 none', '0 none', '0 none'],
    ]);
  });

  it('say what became of each cookie that is not necessary', () => {
    const cookies = states?.cookies.map(({ name, cells }) => [
      name,
      ...cells.map(({ text, tone }) => `${text} (${tone})`),
    ]);
    expect(cookies).toEqual([
      ['_fbp', 'there (bad)', 'removed (good)', 'set, stays when withdrawn (bad)', 'not there (none)'],
      ['_ga', 'not there (none)', 'set (bad)', 'not there (none)', 'not there (none)'],
    ]);
  });

  it('are left out of a report about one state only', () => {
    const plain = sampleObservation([sampleCookie()]);
    expect(consentStates(plain, analyseObservation(plain, knowledge))).toBeNull();
  });
});
