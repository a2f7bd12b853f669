import { describe, expect, it } from '@jest/globals';
import { fakeTarget } from '../fake-target.test.helper.ts';
import { cookieIssuesCollector } from './cookie-issues.collector.ts';
import { dialogsCollector } from './dialogs.collector.ts';
import { targetsCollector } from './targets.collector.ts';

describe('cookie issues', () => {
  const issue = (cookieIssueDetails: object): object => ({
    issue: { code: 'CookieIssue', details: { cookieIssueDetails } },
  });

  it('are refusals, in the words the rest of the protocol uses', () => {
    const issues = cookieIssuesCollector();
    const page = fakeTarget();
    issues.attach(page.target);
    page.emit(
      'Audits.issueAdded',
      issue({
        operation: 'SetCookie',
        cookie: { name: 'id', domain: 'shop.test' },
        cookieUrl: 'https://shop.test/',
        cookieExclusionReasons: ['ExcludeSameSiteLax', 'ExcludeInvalidSameParty'],
      }),
    );
    expect(issues.all()).toEqual([
      {
        operation: 'SetCookie',
        name: 'id',
        domain: 'shop.test',
        url: 'https://shop.test/',
        reasons: ['SameSiteLax', 'InvalidSameParty'],
      },
    ]);
  });

  it('of a line that is no cookie name it by what stands before the equals sign', () => {
    const issues = cookieIssuesCollector();
    const page = fakeTarget();
    issues.attach(page.target);
    const raw = {
      operation: 'SetCookie',
      rawCookieLine: ' id =1',
      request: { url: 'https://a.test/' },
      cookieExclusionReasons: ['ExcludeX'],
    };
    page.emit('Audits.issueAdded', issue(raw));
    expect(issues.all()).toMatchObject([{ name: 'id', url: 'https://a.test/', domain: '' }]);
  });

  it('are not mere warnings, nor issues about something else', () => {
    const issues = cookieIssuesCollector();
    const page = fakeTarget();
    issues.attach(page.target);
    page.emit(
      'Audits.issueAdded',
      issue({ operation: 'SetCookie', cookieExclusionReasons: [], cookieWarningReasons: ['WarnX'] }),
    );
    page.emit('Audits.issueAdded', {
      issue: { code: 'MixedContentIssue', details: { mixedContentIssueDetails: {} } },
    });
    expect(issues.all()).toEqual([]);
  });
});

describe('dialogs', () => {
  it.each([
    ['alert', false],
    ['confirm', false],
    ['prompt', false],
    ['beforeunload', true],
  ])('of type %s are answered with accept %s, so that nobody waits', (type, accept) => {
    const dialogs = dialogsCollector();
    const page = fakeTarget();
    dialogs.attach(page.target);
    page.emit('Page.javascriptDialogOpening', { type });
    expect(page.sent).toContainEqual({ method: 'Page.handleJavaScriptDialog', params: { accept } });
    expect(dialogs.count()).toBe(1);
  });
});

describe('targets', () => {
  it('are handed out as soon as they are attached, also to those who asked before', async () => {
    const targets = targetsCollector();
    const { target } = fakeTarget();
    const asked = targets.whenAttached(target.id);
    targets.attach(target);
    expect(await asked).toBe(target);
    expect(await targets.whenAttached(target.id)).toBe(target);
  });

  it('with a clock are pages and frames, not workers', () => {
    const targets = targetsCollector();
    const [page, frame, worker] = ['page', 'iframe', 'worker'].map((type) => fakeTarget({ type }).target);
    const seen: unknown[] = [];
    const stop = targets.onFrame((target) => seen.push(target));
    for (const target of [page, frame, worker]) if (target) targets.attach(target);
    expect(targets.frames()).toEqual([page, frame]);
    expect(seen).toEqual([page, frame]);
    stop();
    targets.attach(fakeTarget().target);
    expect(seen).toHaveLength(2);
  });

  it('are alive until they are gone', async () => {
    const targets = targetsCollector();
    const { target } = fakeTarget();
    targets.attach(target);
    expect(targets.isAlive(target)).toBe(true);
    const gone = targets.whenDetached(target);
    targets.detached?.(target);
    await gone;
    await targets.whenDetached(target);
    expect(targets.isAlive(target)).toBe(false);
    expect(targets.frames()).toEqual([]);
  });

  it('that ran before anybody could look are named', () => {
    const targets = targetsCollector();
    targets.attach(fakeTarget({ url: 'https://early.test/', wasPaused: false }).target);
    targets.attach(fakeTarget({ url: 'https://shop.test/' }).target);
    expect(targets.notPaused()).toEqual(['https://early.test/']);
  });
});
