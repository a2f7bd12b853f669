import { describe, expect, it } from '@jest/globals';
import { isLoopbackUrl, isTlsUrl, passwordOf } from './server-url.ts';

describe('isLoopbackUrl', () => {
  it.each([
    'redis://localhost:6379',
    'redis://127.0.0.1',
    'redis://127.9.8.7',
    'redis://[::1]:6379',
    'postgresql:///name',
    'postgresql:///name?host=/var/run/postgresql',
    'postgresql://far.example/name?host=127.0.0.1',
    'http://LOCALHOST:8001',
  ])('is true of %s', (url) => expect(isLoopbackUrl(url)).toBe(true));

  it.each([
    'redis://redis:6379',
    'redis://10.0.0.1',
    'redis://localhost.example',
    'redis://127.0.0.1.example',
    'postgresql://127.0.0.1/name?host=far.example',
    'not a url',
  ])('is false of %s', (url) => expect(isLoopbackUrl(url)).toBe(false));
});

describe('isTlsUrl', () => {
  it.each([
    'rediss://r',
    'https://h',
    'amqps://m',
    'postgresql://db/n?sslmode=require',
    'postgres://db/n?sslmode=verify-full',
    'postgresql://db/n?sslmode=verify-ca&x=1',
    'postgresql://db/n?ssl=true',
  ])('is true of %s', (url) => expect(isTlsUrl(url)).toBe(true));

  it.each([
    'redis://r?sslmode=require',
    'http://h',
    'amqp://m',
    'postgresql://db/n',
    'postgresql://db/n?sslmode=disable',
    'postgresql://db/n?sslmode=prefer',
    'postgresql://db/n?sslmode=no-verify',
    'postgresql://db/n?ssl=true&sslmode=disable',
    'nothing',
  ])('is false of %s', (url) => expect(isTlsUrl(url)).toBe(false));
});

describe('passwordOf', () => {
  it.each([
    ['redis://:p%40ss@r', 'p@ss'],
    ['redis://u:100%@r', '100%'],
    ['redis://u@r', null],
    ['redis://r', null],
    ['nothing', null],
    [null, null],
  ])('%s has %s', (url, password) => expect(passwordOf(url)).toBe(password));
});
