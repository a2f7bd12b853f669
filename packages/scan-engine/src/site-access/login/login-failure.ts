/** A step of a login that did not succeed. What a site does is no error; this one never leaves the replay. */
export class LoginFailure extends Error {
  override readonly name = 'LoginFailure';
}
