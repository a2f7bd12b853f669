import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { abortKind } from './job-aborted.ts';
import {
  openQueueUnderTest,
  until,
  untilAborted,
  type QueueUnderTest,
} from './queue-under-test.test.helper.ts';

const FIXTURE = fileURLToPath(new URL('./stuck-consumer.test.fixture.ts', import.meta.url));

describe('taking over the job of a consumer that is gone', () => {
  const test = testRedis();
  const children: ChildProcess[] = [];
  let queue: QueueUnderTest;

  /** Starts a stuck consumer; what it says is appended to `said`. */
  function startStuckConsumer(said: string[]): ChildProcess {
    const child = spawn(process.execPath, [FIXTURE, test.url, test.prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {},
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.trim().split('\n')));
    children.push(child);
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  beforeEach(() => {
    queue = openQueueUnderTest(test);
  });
  afterEach(async () => {
    await Promise.all(
      children
        .splice(0)
        .filter(({ signalCode }) => signalCode === null)
        .map(kill),
    );
    await queue.close();
    await test.cleanup();
  });

  it('gives a job whose process was killed to another consumer, at no cost in attempts', async () => {
    const said: string[] = [];
    const child = startStuckConsumer(said);
    await queue.producer.enqueue({ id: 'a' });
    await until(() => said.includes('started a'));
    await kill(child);

    const attempts: number[] = [];
    queue.consume(async (_, { attempt }) => void attempts.push(attempt));
    await queue.untilState('a', 'completed');

    expect(attempts).toEqual([1]);
  });

  it('tells a process that stood still, once it wakes, to stop its job; the successor finishes it', async () => {
    const said: string[] = [];
    const child = startStuckConsumer(said);
    await queue.producer.enqueue({ id: 'a' });
    await until(() => said.includes('started a'));
    child.kill('SIGSTOP');

    queue.consume(async () => undefined);
    await queue.untilState('a', 'completed');
    child.kill('SIGCONT');

    await until(() => said.includes('aborted a lock_lost'));
    await expect(queue.board.getJobState('test-a')).resolves.toBe('completed');
  });

  it.each([
    ['stops a job whose lock Redis forgot', undefined, 'lock_lost'],
    ['lets a job with a fence of its own end without its lock', false, null],
  ])('%s, and takes the next one', async (_, stopOnLostLock, expected) => {
    const { promise: renewalsTried, resolve: endWork } = Promise.withResolvers<undefined>();
    const seen: unknown[] = [];
    queue.consume(
      async ({ id }, { signal }) => {
        if (id === 'next') return void seen.push('next');
        seen.push('started');
        await Promise.race([untilAborted(signal).catch(() => undefined), renewalsTried]);
        seen.push(abortKind(signal));
      },
      {
        ...(stopOnLostLock === undefined ? {} : { stopOnLostLock }),
        logger: {
          ...silentLogger,
          child: () => ({
            ...silentLogger,
            child: () => silentLogger,
            warn: (_message, fields) => {
              if (String(fields?.['error']).includes('could not renew lock')) endWork(undefined);
            },
          }),
        },
      },
    );
    await queue.producer.enqueue({ id: 'a' });
    await until(() => seen.includes('started'));
    await test.cleanup();

    await until(() => seen.length === 2);
    expect(seen[1]).toBe(expected);
    await queue.producer.enqueue({ id: 'next' });
    await until(() => seen.includes('next'));
  });

  it('gives up a job that takes its consumer down too often, and tells who wants to know', async () => {
    const said: string[] = [];
    const givenUp: [string, string][] = [];
    await queue.producer.enqueue({ id: 'poison' });
    const child = startStuckConsumer(said);
    await until(() => said.includes('started poison'));
    await kill(child);

    queue.consume(async () => undefined, {
      timing: { lockDurationMs: 1_000, stalledIntervalMs: 500, pollIntervalMs: 1_000, stalledCountMax: 0 },
      onGaveUp: async ({ id }, error) => void givenUp.push([id, String(error)]),
    });
    await until(() => givenUp.length > 0);

    expect(givenUp).toEqual([['poison', expect.stringContaining('stalled more than allowable limit')]]);
    await expect(queue.board.getJobState('test-poison')).resolves.toBe('failed');
  });
});
