import { randomUUID } from 'node:crypto';
import { dataOf } from '@cookie-scanner/api-client';
import type { UserRole } from '@cookie-scanner/contracts';
import type { TestDatabase } from '@cookie-scanner/database/testing';
import type { TestGateway } from './start-test-gateway.ts';

/** Of every account that a test makes. */
export const PASSWORD = 'nine purple lanterns';

/** Somebody whom a test made up. */
export interface TestPerson {
  readonly id: string;
  readonly email: string;
}

/** Accounts and workspaces for tests, made behind the API. */
export function testAccounts(gateway: TestGateway, database: TestDatabase) {
  const passwordHash = gateway.auth.passwords.hash(PASSWORD);
  return {
    /** An active account with these roles on the platform. */
    async addPerson(roles: readonly UserRole[] = []): Promise<TestPerson> {
      const email = `${randomUUID()}@example.org`;
      const [row] = await database.sql<{ id: string }>(
        `INSERT INTO users (email, display_name, password_hash, state) VALUES ($1, 'Ada', $2, 'active') RETURNING id`,
        [email, await passwordHash],
      );
      const id = row?.id ?? '';
      await database.sql(
        `INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name::text = ANY ($2)`,
        [id, roles],
      );
      return { id, email };
    },
    async addWorkspace(): Promise<string> {
      const id = randomUUID();
      await database.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Lab', $2)`, [id, id]);
      return id;
    },
    async join(workspaceId: string, { id }: TestPerson, role: UserRole): Promise<void> {
      await database.sql(
        'INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3::user_role)',
        [workspaceId, id, role],
      );
      gateway.authenticator.forgetAll();
    },
    /** The access token of a fresh login. */
    async signIn({ email }: TestPerson): Promise<string> {
      const body = { email, password: PASSWORD };
      const answer = await dataOf(gateway.apiAs().POST('/auth/login', { body }));
      if (answer.status !== 'signed_in') throw new Error(answer.status);
      return answer.accessToken;
    },
  };
}

/** Sends JSON as a stranger, or with a token. */
export function postJson(
  gateway: TestGateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** The header that stands for somebody. */
export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
