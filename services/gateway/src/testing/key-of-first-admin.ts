import { makeApiKey } from '@cookie-scanner/auth';
import { apiKeyCreateSchema, apiKeyScopeSchema } from '@cookie-scanner/contracts';
import { DEFAULT_WORKSPACE_ID } from '@cookie-scanner/database';
import type { GatewayDeps } from '../gateway-deps.ts';

const EMAIL = 'admin@example.org';

/** In the form of a hash; no password has it. */
const NO_PASSWORD = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$bm8gcGFzc3dvcmQgaGFzIHRoaXM';

/** A key that may everything in the default workspace, made by an Admin who cannot sign in. */
export async function keyOfFirstAdmin({
  auth,
  apiKeys,
}: Pick<GatewayDeps, 'auth' | 'apiKeys'>): Promise<string> {
  const by = { actorKind: 'system' } as const;
  await auth.users.createFirstAdmin({ email: EMAIL, name: 'Admin', passwordHash: NO_PASSWORD }, by);
  const admin = await auth.users.findCredentials({ email: EMAIL });
  if (!admin) throw new Error('somebody else is the first Admin');
  const wanted = apiKeyCreateSchema.parse({ name: 'Tests', scopes: apiKeyScopeSchema.options });
  const place = { workspaceId: DEFAULT_WORKSPACE_ID, userId: admin.id };
  return (await makeApiKey({ keys: auth.keys, apiKeys }, { ...wanted, ...place }, by)).text;
}
