import { describe, expect, it } from '@jest/globals';
import { challengeAnswer } from './challenge-answer.ts';

// The examples of RFC 7616, section 3.9.1, and RFC 7617, section 2.
const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };
const URL = 'http://www.example.org/dir/index.html';
const CLIENT_NONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const DIGEST =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

function answer(challenge: string): string | null {
  return challengeAnswer(challenge, URL, MUFASA, CLIENT_NONCE);
}

describe('a challenge', () => {
  it.each([
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ])('for a digest by %s is answered as its specification has it', (algorithm, response) => {
    const told = answer(`Digest ${DIGEST}, algorithm=${algorithm}`);
    expect(told).toContain(`response="${response}"`);
    expect(told).toContain('uri="/dir/index.html"');
    expect(told).toContain('qop=auth, nc=00000001');
    expect(told).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it('for the password itself is answered with it', () => {
    const aladdin = { username: 'Aladdin', password: 'open sesame' };
    expect(challengeAnswer('Basic realm="x"', URL, aladdin)).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  });

  it('that leaves the choice is answered with a digest, unless nobody here can make it', () => {
    expect(answer(`Basic realm="x", Digest ${DIGEST}`)).toMatch(/^Digest /);
    expect(answer(`Basic realm="x", Digest ${DIGEST}, algorithm=SHA-256-sess`)).toMatch(/^Basic /);
  });

  it.each(['Negotiate', 'Bearer realm="x"', '', 'Digest realm="x", nonce="y", qop="auth-int"'])(
    'such as %j has no answer',
    (challenge) => {
      expect(answer(challenge)).toBeNull();
    },
  );
});
