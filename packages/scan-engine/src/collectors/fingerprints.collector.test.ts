import { describe, expect, it } from '@jest/globals';
import { fakeTarget, type FakeTarget } from '../fake-target.test.helper.ts';
import { fingerprintsCollector, type FingerprintsCollector } from './fingerprints.collector.ts';
import { framesCollector } from './frames.collector.ts';

const SCRIPT = 'https://cdn.test/tag.js';

/** A page with the collector in place, whose hook the test plays. */
function watchedPage(): {
  page: FakeTarget;
  collector: FingerprintsCollector;
  report: (...facts: unknown[]) => void;
} {
  const collector = fingerprintsCollector(() => 7, framesCollector());
  const page = fakeTarget();
  collector.attach(page.target);
  const hook = page.sent.find(({ method }) => method === 'Page.addScriptToEvaluateOnNewDocument');
  const token = /const token = "([^"]+)"/.exec((hook?.params as { source: string }).source)?.[1];
  return {
    page,
    collector,
    report: (...facts) =>
      page.emit('Runtime.consoleAPICalled', {
        type: 'debug',
        args: [token, ...facts].map((value) => ({ value })),
        executionContextId: 1,
        stackTrace: {
          callFrames: [
            { scriptId: '1', url: 'cookie-scanner-hook' },
            { scriptId: '2', url: SCRIPT },
          ],
        },
      }),
  };
}

describe('what a page tells of itself', () => {
  it('is kept with the script that did it, without our own part of the stack', () => {
    const { collector, report } = watchedPage();
    report('uses', 'Navigator.plugins 2 Screen.width 1 ', 6, 0);
    expect(collector.uses()).toMatchObject([
      {
        atMs: 7,
        stack: { frames: [{ url: SCRIPT }] },
        apis: [
          { api: 'Navigator.plugins', count: 2 },
          { api: 'Screen.width', count: 1 },
        ],
        newFonts: 6,
        newParameters: 0,
      },
    ]);
  });

  it('is kept of a canvas, whatever numbers the page gave', () => {
    const { collector, report } = watchedPage();
    report('read', 'getImageData', 300, 150, -20, Number.NaN, 2, 11, 1, true, false);
    expect(collector.canvasReadings().map(({ read }) => read)).toEqual([
      {
        api: 'getImageData',
        widthPx: 300,
        heightPx: 150,
        readWidthPx: 20,
        readHeightPx: 0,
        textCount: 2,
        charactersMax: 11,
        colourCount: 1,
        savesState: true,
        isInDocument: false,
      },
    ]);
  });

  it('is not believed without the token, nor kept without end', () => {
    const { page, collector, report } = watchedPage();
    page.emit('Runtime.consoleAPICalled', {
      type: 'debug',
      args: ['no token', 'uses', 'Navigator.plugins 2 '].map((value) => ({ value })),
      executionContextId: 1,
    });
    expect(collector.uses()).toEqual([]);
    for (let i = 0; i < 6_000; i += 1) report('uses', 'Navigator.plugins 1 ', 0, 0);
    expect(collector.uses()).toHaveLength(5_000);
  });
});
