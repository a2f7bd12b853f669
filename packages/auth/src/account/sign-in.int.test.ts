import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'otplib';
import { asUser } from '../auth-deps.ts';
import type { Person } from '../policy/caller.ts';
import { newClient, openTestAuth, PASSWORD, TEST_KEYS } from '../testing.test.helper.ts';
import { verifyAccessToken } from '../token/access-token.ts';
import { readRefreshToken } from '../token/refresh-token.ts';
import { authenticator } from './authenticate.ts';
import { changePassword } from './change-password.ts';
import { makeFirstAdmin } from './first-admin.ts';
import { enableTotp, enrolTotp } from './second-factor.ts';
import { refreshSession, type SignedIn } from './session-tokens.ts';
import { finishSignIn, signIn } from './sign-in.ts';

let auth: Awaited<ReturnType<typeof openTestAuth>>;

beforeAll(async () => {
  auth = await openTestAuth();
});
afterAll(() => auth.close());

const code = (name: string) => expect.objectContaining({ code: name });
const codeAtStep = (secret: string, step: number) => generate({ secret, epoch: step * 30 + 1 });

async function signInAs(email: string, password = PASSWORD): Promise<SignedIn> {
  const step = await signIn(auth.deps, { email, password }, newClient());
  if (step.kind !== 'signed_in') throw new Error(step.kind);
  return step;
}

async function personOf({ accessToken }: SignedIn): Promise<Person> {
  const caller = await authenticator(auth.deps).authenticate(accessToken, null);
  if (caller.kind !== 'person') throw new Error('not a person');
  return caller;
}

describe('the first Admin', () => {
  it('is made once, of several who try, with a password that works', async () => {
    const { deps, database } = auth;
    await database.sql('DELETE FROM users');
    const wanted = { email: 'admin@example.org', name: 'Admin' };
    const made = await Promise.all(Array.from({ length: 3 }, () => makeFirstAdmin(deps, wanted)));
    const [admin, ...others] = made.filter((each) => each !== null);
    expect(others).toEqual([]);
    expect(admin?.user.roles).toEqual(['Admin']);
    const person = await personOf(await signInAs(wanted.email, admin?.password));
    expect(person.memberships).toMatchObject([{ role: 'Admin' }]);
  });
});

describe('signing in', () => {
  it('gives tokens that stand for the account, and is recorded', async () => {
    const { id, email } = await auth.addUser();
    const { accessToken, sessionId } = await signInAs(email);
    const token = verifyAccessToken(TEST_KEYS, accessToken, 'access');
    expect(token).toMatchObject({ sub: id, sid: sessionId, auth_time: expect.any(Number) });
    const logs = await auth.database.sql('SELECT action FROM audit_logs WHERE actor_id = $1', [id]);
    expect(logs).toEqual([{ action: 'session.begin' }]);
  });

  it('answers the same for a wrong password, an unknown address and an account that is switched off', async () => {
    const { email } = await auth.addUser();
    const off = await auth.addUser();
    await auth.database.sql(`UPDATE users SET state = 'disabled' WHERE id = $1`, [off.id]);
    const tries = [
      { email, password: 'wrong' },
      { email: 'nobody@example.org', password: PASSWORD },
      { email: off.email, password: PASSWORD },
    ];
    for (const login of tries) {
      await expect(signIn(auth.deps, login, newClient())).rejects.toMatchObject({
        code: 'CREDENTIALS_WRONG',
        message: 'Mail address or password are wrong.',
      });
    }
  });

  it('is slowed down after ten tries from one address, and goes on from another', async () => {
    const { email } = await auth.addUser();
    const client = newClient();
    for (let tries = 0; tries < 10; tries += 1) {
      await expect(signIn(auth.deps, { email, password: 'wrong' }, client)).rejects.toEqual(
        code('CREDENTIALS_WRONG'),
      );
    }
    await expect(signIn(auth.deps, { email, password: PASSWORD }, client)).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    await expect(signInAs(email)).resolves.toMatchObject({ kind: 'signed_in' });
  });

  it('is held back for a while, not for ever, when the account was tried from everywhere', async () => {
    const { id, email } = await auth.addUser();
    await auth.database.sql('UPDATE users SET failed_login_count = 41 WHERE id = $1', [id]);
    await expect(signInAs(email, 'wrong')).rejects.toEqual(code('CREDENTIALS_WRONG'));
    await expect(signInAs(email)).rejects.toEqual(code('TOO_MANY_ATTEMPTS'));
    await auth.database.sql(`UPDATE users SET locked_until = now() WHERE id = $1`, [id]);
    await signInAs(email);
    const [row] = await auth.database.sql('SELECT failed_login_count FROM users WHERE id = $1', [id]);
    expect(row).toEqual({ failed_login_count: 0 });
  });
});

describe('refreshing', () => {
  it('gives everybody who asks at the same time one and the same successor', async () => {
    const { email } = await auth.addUser();
    const first = await signInAs(email);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => refreshSession(auth.deps, first.refreshToken, newClient())),
    );
    expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const next = await refreshSession(auth.deps, all[0]?.refreshToken ?? '', newClient());
    expect(readRefreshToken(TEST_KEYS, next.refreshToken)?.rotation).toBe(2);
    expect((await personOf(next)).authenticatedAtSeconds).toBeNull();
  });

  it('ends the session when a token of longer ago comes back', async () => {
    const { id, email } = await auth.addUser();
    const first = await signInAs(email);
    const second = await refreshSession(auth.deps, first.refreshToken, newClient());
    const third = await refreshSession(auth.deps, second.refreshToken, newClient());
    const refused = expect.objectContaining({ code: 'TOKEN_INVALID' });
    await expect(refreshSession(auth.deps, first.refreshToken, newClient())).rejects.toEqual(refused);
    await expect(refreshSession(auth.deps, third.refreshToken, newClient())).rejects.toEqual(refused);
    await expect(personOf(third)).rejects.toEqual(refused);
    const rows = await auth.database.sql('SELECT end_reason FROM refresh_sessions WHERE user_id = $1', [id]);
    expect(rows).toEqual([{ end_reason: 'reuse_detected' }]);
  });

  it('ends the session when the token just replaced comes back after its grace', async () => {
    const { email } = await auth.addUser();
    const first = await signInAs(email);
    await refreshSession(auth.deps, first.refreshToken, newClient());
    await auth.database.sql(
      `UPDATE refresh_sessions SET last_used_at = now() - interval '11 seconds' WHERE id = $1`,
      [first.sessionId],
    );
    await expect(refreshSession(auth.deps, first.refreshToken, newClient())).rejects.toEqual(
      code('TOKEN_INVALID'),
    );
  });

  it('is over when nobody used the session, when it is too old, and when its token is made up', async () => {
    const { email } = await auth.addUser();
    for (const change of [
      `last_used_at = now() - interval '31 minutes'`,
      `expires_at = created_at + interval '1 microsecond'`,
    ]) {
      const { refreshToken, sessionId } = await signInAs(email);
      await auth.database.sql(`UPDATE refresh_sessions SET ${change} WHERE id = $1`, [sessionId]);
      await expect(refreshSession(auth.deps, refreshToken, newClient())).rejects.toEqual(
        code('TOKEN_INVALID'),
      );
    }
    const { refreshToken } = await signInAs(email);
    const forged = refreshToken.replace('.0.', '.1.');
    await expect(refreshSession(auth.deps, forged, newClient())).rejects.toEqual(code('TOKEN_INVALID'));
    await expect(refreshSession(auth.deps, refreshToken, newClient())).resolves.toBeDefined();
  });
});

describe('what a session is good for', () => {
  it('ends with the session, the account, and a change of the password elsewhere', async () => {
    const user = await auth.addUser();
    const [ended, kept] = [await signInAs(user.email), await signInAs(user.email)];
    const person = await personOf(kept);
    const client = newClient();
    await changePassword(
      auth.deps,
      person,
      { currentPassword: PASSWORD, newPassword: 'seven green umbrellas' },
      client,
    );
    await expect(personOf(ended)).rejects.toEqual(code('TOKEN_INVALID'));
    await expect(personOf(kept)).resolves.toBeDefined();
    await expect(signInAs(user.email)).rejects.toEqual(code('CREDENTIALS_WRONG'));

    await auth.deps.sessions.end({ id: kept.sessionId, userId: user.id }, 'logout', asUser(user, client));
    await expect(personOf(kept)).rejects.toEqual(code('TOKEN_INVALID'));
  });

  it('is nothing more once the account is switched off; the last Admin cannot be', async () => {
    const user = await auth.addUser();
    const session = await signInAs(user.email);
    const by = { actorKind: 'system' } as const;
    await auth.deps.users.changeAccess(user.id, { roles: ['Admin'] }, by);
    await auth.database.sql('DELETE FROM user_roles WHERE user_id <> $1', [user.id]);
    for (const change of [{ roles: ['Viewer'] }, { state: 'disabled' }] as const) {
      await expect(auth.deps.users.changeAccess(user.id, change, by)).rejects.toEqual(code('LAST_ADMIN'));
    }
    const other = await auth.addUser();
    await auth.deps.users.changeAccess(other.id, { roles: ['Admin'] }, by);
    await auth.deps.users.changeAccess(user.id, { state: 'disabled' }, by);
    await expect(personOf(session)).rejects.toEqual(code('TOKEN_INVALID'));
  });
});

describe('the second factor', () => {
  it('is asked for once it is enabled; of twenty who send one code at once, one gets in', async () => {
    const user = await auth.addUser();
    const other = await signInAs(user.email);
    const signedIn = await signInAs(user.email);
    const person = await personOf(signedIn);
    const { secret } = await enrolTotp(auth.deps, person);
    const stepNow = Math.floor(Date.now() / 30_000);
    await expect(enableTotp(auth.deps, person, '000000', newClient())).rejects.toEqual(
      code('CREDENTIALS_WRONG'),
    );
    const recoveryCodes = await enableTotp(auth.deps, person, await codeAtStep(secret, stepNow), newClient());
    expect(recoveryCodes).toHaveLength(10);
    await expect(personOf(other)).rejects.toEqual(code('TOKEN_INVALID'));

    // The code that enabled it is used up. Time is moved back for the next one, which need not be waited for.
    await auth.database.sql('UPDATE users SET totp_last_step = totp_last_step - 2 WHERE id = $1', [user.id]);
    const pending = await signIn(auth.deps, { email: user.email, password: PASSWORD }, newClient());
    if (pending.kind !== 'mfa_required') throw new Error('the second factor was not asked for');
    const next = await codeAtStep(secret, Math.floor(Date.now() / 30_000));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        finishSignIn(auth.deps, pending.pendingToken, { code: next }, newClient()),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);

    const recover = (text = '') =>
      finishSignIn(auth.deps, pending.pendingToken, { recoveryCode: text }, newClient());
    await expect(recover(recoveryCodes[0]?.toLowerCase())).resolves.toBeDefined();
    await expect(recover(recoveryCodes[0])).rejects.toEqual(code('CREDENTIALS_WRONG'));
    await expect(recover('nonsense')).rejects.toEqual(code('CREDENTIALS_WRONG'));
  });
});
