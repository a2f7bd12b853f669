import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger, silentLogger, type LogLevel } from './logger.ts';

function loggerToMemory(level: LogLevel = 'debug') {
  const stream = new PassThrough();
  const logger = createLogger({ service: 'worker', level, stream });
  const text = () => String(stream.read() ?? '');
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, text, stream };
}

describe('createLogger', () => {
  it('writes one JSON object a line with time, level, service, message and fields', () => {
    const { logger, lines } = loggerToMemory();
    logger.info('scan finished', { scanId: 'a', cookies: 3 });
    const [line] = lines();
    expect(line).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'info',
      service: 'worker',
      message: 'scan finished',
      scanId: 'a',
      cookies: 3,
    });
  });

  it('leaves out what is less severe than its level', () => {
    const { logger, lines } = loggerToMemory('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines().map(({ message }) => message)).toEqual(['c', 'd']);
  });

  it('changes its level while it is in use, and that of its children', () => {
    const { logger, lines } = loggerToMemory('warn');
    const child = logger.child({ scanId: 'a' });
    child.info('too soon');
    logger.setLevel('info');
    child.info('heard');
    logger.setLevel('error');
    child.warn('too late');
    expect(lines().map(({ message }) => message)).toEqual(['heard']);
  });

  it('gives its fields to every line of a child and of the child of a child', () => {
    const { logger, lines } = loggerToMemory();
    logger.child({ scanId: 'a' }).child({ attempt: 2 }).warn('late', { attempt: 3 });
    expect(lines()[0]).toMatchObject({ scanId: 'a', attempt: 3 });
  });

  it('does not let a field replace what the line is about', () => {
    const { logger, lines } = loggerToMemory();
    logger.info('real', { message: 'forged', level: 'error', service: 'x', timestamp: 'never' });
    expect(lines()[0]).toMatchObject({
      message: 'real',
      level: 'info',
      service: 'worker',
      'field.message': 'forged',
      'field.level': 'error',
    });
  });

  it('redacts fields and message', () => {
    const { logger, text } = loggerToMemory();
    logger.error('cannot reach redis://u:canary@h', {
      password: 'canary',
      error: new Error('Cookie: canary'),
    });
    expect(text()).not.toContain('canary');
  });

  it('keeps a line break in a message inside its line', () => {
    const { logger, lines } = loggerToMemory();
    logger.info('one\n{"level":"error"}\r\u2028two');
    expect(lines()).toHaveLength(1);
  });

  it('leaves out fields that would make a line too long', () => {
    const { logger, lines } = loggerToMemory();
    logger.info('big', { list: Array.from({ length: 50 }, () => 'x'.repeat(5_000)) });
    expect(lines()[0]).toMatchObject({ message: 'big', truncated: expect.stringContaining('left out') });
  });

  it('lives on when nobody reads its output any more', () => {
    const { logger, stream } = loggerToMemory();
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(() => logger.info('into the void')).not.toThrow();
  });
});

describe('silentLogger', () => {
  it('accepts everything', () => {
    expect(() => silentLogger.child({ a: 1 }).error('x', { error: new Error('y') })).not.toThrow();
  });
});
