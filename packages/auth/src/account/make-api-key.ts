import type { ApiKey, ApiKeyCreate } from '@cookie-scanner/contracts';
import type { ApiKeyRepository, AuditActor } from '@cookie-scanner/database';
import { apiKeyPrefixOf, newApiKeyText } from '../api-key/api-key-text.ts';
import type { AuthKeys } from '../auth-keys.ts';
import { secretHash } from '../token/secret-hash.ts';

/** Makes an API key. Its text is returned here and nowhere else: only a hash of it is kept. */
export async function makeApiKey(
  { keys, apiKeys }: { keys: Pick<AuthKeys, 'pepper'>; apiKeys: Pick<ApiKeyRepository, 'create'> },
  wanted: ApiKeyCreate & { workspaceId: string; userId: string },
  by: AuditActor,
): Promise<{ apiKey: ApiKey; text: string }> {
  const text = newApiKeyText();
  const prefix = apiKeyPrefixOf(text) ?? '';
  const apiKey = await apiKeys.create({ ...wanted, prefix, keyHash: secretHash(keys, text) }, by);
  return { apiKey, text };
}
