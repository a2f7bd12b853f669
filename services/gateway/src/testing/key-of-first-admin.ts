import { makeApiKey } from '@cookie-scanner/auth';
import { apiKeyCreateSchema, apiKeyScopeSchema } from '@cookie-scanner/contracts';
import { DEFAULT_WORKSPACE_ID } from '@cookie-scanner/database';
import { isAppError } from '@cookie-scanner/errors';
import type { GatewayDeps } from '../gateway-deps.ts';

const EMAIL = 'admin@example.org';

/** In the form of a hash; no password has it. */
const NO_PASSWORD = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$bm8gcGFzc3dvcmQgaGFzIHRoaXM';

/** Connections of tests are given up after a second, which a busy machine sometimes needs for one. */
const ATTEMPTS = 30;

/** A key that may everything in the default workspace, made by an Admin who cannot sign in. */
export async function keyOfFirstAdmin(deps: Pick<GatewayDeps, 'auth' | 'apiKeys'>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await makeKey(deps);
    } catch (error) {
      const isAway = isAppError(error) && error.code === 'DATABASE_UNAVAILABLE';
      if (!isAway || attempt === ATTEMPTS) throw error;
    }
  }
}

async function makeKey({ auth, apiKeys }: Pick<GatewayDeps, 'auth' | 'apiKeys'>): Promise<string> {
  const by = { actorKind: 'system' } as const;
  await auth.users.createFirstAdmin({ email: EMAIL, name: 'Admin', passwordHash: NO_PASSWORD }, by);
  const admin = await auth.users.findCredentials({ email: EMAIL });
  if (!admin) throw new Error('somebody else is the first Admin');
  const wanted = apiKeyCreateSchema.parse({ name: 'Tests', scopes: apiKeyScopeSchema.options });
  const place = { workspaceId: DEFAULT_WORKSPACE_ID, userId: admin.id };
  return (await makeApiKey({ keys: auth.keys, apiKeys }, { ...wanted, ...place }, by)).text;
}
