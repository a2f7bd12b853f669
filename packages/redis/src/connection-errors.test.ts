import { describe, expect, it } from '@jest/globals';
import { isConnectionError } from './connection-errors.ts';

describe('isConnectionError', () => {
  it.each([
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('getaddrinfo ENOTFOUND redis'), { code: 'ENOTFOUND' }),
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error("Socket timeout. Expecting data, but didn't receive any in 2500ms."),
    new Error('Reached the max retries per request limit (which is 1).'),
  ])('is true when Redis is only out of reach: $message', (error) => {
    expect(isConnectionError(error)).toBe(true);
  });

  it.each([new Error('NOAUTH Authentication required.'), new Error('OOM command not allowed'), 'text', null])(
    'is false for anything that waiting does not cure: %s',
    (error) => {
      expect(isConnectionError(error)).toBe(false);
    },
  );
});
