import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { describe, expect, it } from '@jest/globals';
import { streamLimit } from './stream-limit.ts';

/** As much of a response as the limit looks at. */
const response = (): Response => new EventEmitter() as unknown as Response;

describe('streamLimit', () => {
  it('refuses one more than it allows, and takes another when one has ended', () => {
    const streams = streamLimit(1);
    const first = response();
    streams.take(first);
    expect(() => streams.take(response())).toThrow(/Too many clients/);
    first.emit('close');
    expect(() => streams.take(response())).not.toThrow();
  });

  it('changes while it is in use, and leaves open streams alone', () => {
    const streams = streamLimit(2);
    streams.take(response());
    streams.take(response());
    streams.setMax(1);
    expect(() => streams.take(response())).toThrow(/Too many clients/);
    streams.setMax(3);
    expect(() => streams.take(response())).not.toThrow();
  });
});
