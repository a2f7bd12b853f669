import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';

const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

/** Begins every child: a logger, and steps that can be made to hang or fail. */
const PRELUDE = `
  import { createLogger } from ${here('logger.ts')};
  import { runService } from ${here('run-service.ts')};
  import { superviseShutdown } from ${here('supervise-shutdown.ts')};
  const logger = createLogger({ service: 'child', level: 'debug' });
  const step = (name, stop = async () => {}) => ({ name, stop: () => { logger.info('step ' + name); return stop(); } });
  const hang = () => new Promise(() => {});
  const keepAlive = setInterval(() => {}, 1000);
`;

interface Line {
  readonly message: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs a child from the sources; Node strips the types by itself. */
function start(code: string) {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', PRELUDE + code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => lines.push(JSON.parse(text) as Line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);

  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Waits until the child logged this message. */
    async logged(message: string): Promise<void> {
      while (!lines.some((line) => line.message === message)) await once(reader, 'line');
    },
    /** Exit code and log of the child. */
    async end() {
      const [exit] = await ended;
      return { code: exit[0] as number | null, lines, messages: lines.map((line) => line.message) };
    },
  };
}

describe('superviseShutdown', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'runs the steps one after the other on %s and exits with 0',
    async (signal) => {
      const child = start(`
      superviseShutdown({ logger, deadlineMs: 30000, steps: [
        step('http', () => new Promise((resolve) => setTimeout(resolve, 50))), step('queue'), step('database'),
      ] });
      logger.info('ready');
    `);
      await child.logged('ready');
      child.kill(signal);
      const { code, messages } = await child.end();
      expect(messages).toEqual(['ready', 'stopping', 'step http', 'step queue', 'step database', 'stopped']);
      expect(code).toBe(0);
    },
  );

  it('goes on after a step that failed, and exits with 1', async () => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 30000, steps: [
        step('rejects', async () => { throw new Error('async') }), step('throws', () => { throw new Error('sync') }), step('last'),
      ] });
      logger.info('ready');
    `);
    await child.logged('ready');
    child.kill('SIGTERM');
    const { code, lines, messages } = await child.end();
    expect(messages).toContain('step last');
    expect(lines.filter(({ message }) => message === 'a step of the stop failed')).toMatchObject([
      { step: 'rejects', error: { message: 'async' } },
      { step: 'throws', error: { message: 'sync' } },
    ]);
    expect(code).toBe(1);
  });

  it('exits with 1 at the deadline and names the step that hangs', async () => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 100, steps: [step('fine'), step('stuck', hang), step('never')] });
      logger.info('ready');
    `);
    await child.logged('ready');
    child.kill('SIGTERM');
    const { code, lines, messages } = await child.end();
    expect(messages).not.toContain('step never');
    expect(lines.at(-1)).toMatchObject({ message: 'the stop took too long; exiting at once', step: 'stuck' });
    expect(code).toBe(1);
  });

  it('exits with 1, not with 0, when a step hangs and nothing else keeps the process alive', async () => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 100, steps: [step('stuck', () => { clearInterval(keepAlive); return hang(); })] });
      logger.info('ready');
    `);
    await child.logged('ready');
    child.kill('SIGTERM');
    expect((await child.end()).code).toBe(1);
  });

  it('exits at once on a second signal', async () => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 60000, steps: [step('stuck', hang)] });
      logger.info('ready');
    `);
    await child.logged('ready');
    child.kill('SIGINT');
    await child.logged('step stuck');
    child.kill('SIGINT');
    const { code, lines } = await child.end();
    expect(lines.at(-1)).toMatchObject({ message: 'second signal; exiting at once', step: 'stuck' });
    expect(code).toBe(130);
  });

  it.each([
    ['uncaughtException', `setTimeout(() => { throw new Error('a bug'); }, 0)`],
    ['unhandledRejection', `void Promise.reject(new Error('a bug'))`],
  ])('logs an %s, stops in order and exits with 1', async (kind, fault) => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 30000, steps: [step('database')] });
      ${fault};
    `);
    const { code, lines, messages } = await child.end();
    expect(lines[0]).toMatchObject({
      level: 'error',
      message: 'an error reached nobody; this is a bug',
      kind,
      error: { message: 'a bug', stack: expect.stringContaining('Error: a bug') },
    });
    expect(messages).toEqual(expect.arrayContaining(['step database', 'stopped']));
    expect(code).toBe(1);
  });

  it('survives further errors while it stops', async () => {
    const child = start(`
      superviseShutdown({ logger, deadlineMs: 30000, steps: [
        step('first', async () => { void Promise.reject(new Error('late')); }), step('last'),
      ] });
      logger.info('ready');
    `);
    await child.logged('ready');
    child.kill('SIGTERM');
    const { code, messages } = await child.end();
    expect(messages.filter((message) => message === 'step last')).toHaveLength(1);
    expect(code).toBe(1);
  });
});

describe('runService', () => {
  it('logs why a service could not start, and exits with 1', async () => {
    const child = start(
      `runService('child', async () => { throw new Error('postgresql://u:canary@h is away'); });`,
    );
    const { code, lines } = await child.end();
    expect(lines).toMatchObject([
      { level: 'error', message: 'the service could not start', service: 'child' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(code).toBe(1);
  });
});
