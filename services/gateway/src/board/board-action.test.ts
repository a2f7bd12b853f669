import { describe, expect, it } from '@jest/globals';
import { boardActionOf } from './board-action.ts';

const change = (path: string) => boardActionOf('PUT', `/api/queues/${path}`);

describe('a change on Bull Board', () => {
  it.each([
    ['pause', { verb: 'pause' }],
    ['scan-site/resume', { verb: 'resume', queue: 'scan-site' }],
    ['scan-site/obliterate', { verb: 'obliterate', queue: 'scan-site' }],
    ['scan-site/clean/failed', { verb: 'clean', queue: 'scan-site', state: 'failed' }],
    ['scan-site/scan-1-0/clean', { verb: 'clean', queue: 'scan-site', jobId: 'scan-1-0' }],
    ['scan-site/scan-1-0/promote', { verb: 'promote', queue: 'scan-site', jobId: 'scan-1-0' }],
  ])('is read from its path: %s', (path, expected) => {
    expect(change(path)).toEqual(Object.assign({ queue: null, jobId: null, state: null }, expected));
  });

  it.each([
    ...[
      'scan-site/concurrency',
      'scan-site/rate-limit',
      'scan-site/job-schedulers/x/remove',
      'scan-site',
      '',
    ],
    ...[
      'scan-site/Pause',
      'scan-site/pause/',
      'scan%2Dsite/pause',
      'scan-site/a%2Fb/clean',
      '../queues/pause',
    ],
  ])('is refused when we do not know it: %j', (path) => {
    expect(change(path)).toBeNull();
  });

  it.each([
    ['POST', '/api/queues/scan-site/add'],
    ['PATCH', '/api/queues/scan-site/scan-1-0/update-data'],
    ['DELETE', '/api/queues/scan-site/pause'],
    ['PUT', '/API/queues/scan-site/pause'],
  ])('is none that makes or rewrites jobs: %s %s', (method, path) => {
    expect(boardActionOf(method, path)).toBeNull();
  });
});
