import { describe, expect, it } from '@jest/globals';
import { crawlProgress } from './crawl-progress.ts';

function clock() {
  let time = 0;
  return { now: () => time, advance: (ms: number) => void (time += ms) };
}

describe('crawlProgress', () => {
  it('tells how much is done, how fast it goes and how long it will take', () => {
    const { now, advance } = clock();
    const progress = crawlProgress(100, now);
    progress.addSkipped();
    advance(60_000);
    for (let done = 0; done < 30; done += 1) progress.addResult('success');
    progress.addResult('failed');
    progress.addResult('blocked');
    progress.addResult('partial');
    expect(progress.text()).toBe('34 of 100, 1 failed, 1 blocked, 33 a minute, about 2 minutes left');
    expect(progress.summary()).toBe(
      'Scanned 33 sites in 1 minute: 30 complete, 1 in part, 1 blocked, 1 failed; 1 had a result already.',
    );
    expect(progress.bar()).toBe(`████████░░░░░░░░░░░░░░░░ 34 %, ${progress.text()}`);
  });

  it('follows a list that gets slower', () => {
    const { now, advance } = clock();
    const progress = crawlProgress(10_000, now);
    for (const pauseMs of [100, 6_000])
      for (let done = 0; done < 300; done += 1) {
        advance(pauseMs);
        progress.addResult('success');
      }
    expect(progress.text()).toContain('600 of 10000, 10 a minute');
  });

  it('tells no rate of results that came all at once', () => {
    const { now, advance } = clock();
    const progress = crawlProgress(100, now);
    advance(400);
    for (let done = 0; done < 40; done += 1) progress.addResult('failed');
    expect(progress.text()).toBe('40 of 100, 40 failed, 0 blocked');
    advance(60_000);
    expect(progress.text()).toBe('40 of 100, 40 failed, 0 blocked, 40 a minute, about 2 minutes left');
  });

  it('makes no promise when the length of the list is not known', () => {
    const { now, advance } = clock();
    const progress = crawlProgress(null, now);
    advance(30_000);
    progress.addResult('success');
    expect(progress.text()).toBe('1 scanned, 2 a minute');
    expect(progress.bar()).toBe(progress.text());
  });
});
