import { randomUUID } from 'node:crypto';
import type { ApiKey, ApiKeyCreate } from '@cookie-scanner/contracts';
import type { ApiKeyRepository, AuditActor, OnceRequest } from '@cookie-scanner/database';
import { apiKeyPrefixOf, apiKeyTextOf } from '../api-key/api-key-text.ts';
import type { AuthKeys } from '../auth-keys.ts';
import { bytesForSecret } from '../token/bytes-for-secret.ts';
import { secretHash } from '../token/secret-hash.ts';

/**
 * Makes an API key. Its text is returned here and nowhere else: only a hash of it is kept.
 *
 * @param once - for a client that may ask again: then it gets the key of the first time, with its text
 */
export async function makeApiKey(
  {
    keys,
    apiKeys,
  }: { keys: Pick<AuthKeys, 'pepper' | 'repeatable'>; apiKeys: Pick<ApiKeyRepository, 'create'> },
  wanted: ApiKeyCreate & { workspaceId: string; userId: string },
  by: AuditActor,
  once?: OnceRequest,
): Promise<{ apiKey: ApiKey; text: string }> {
  const textOf = (id: string): string => apiKeyTextOf(bytesForSecret(keys, id, once));
  const id = randomUUID();
  const text = textOf(id);
  const prefix = apiKeyPrefixOf(text) ?? '';
  const key = { ...wanted, id, prefix, keyHash: secretHash(keys, text) };
  const apiKey = await apiKeys.create(key, by, once);
  return { apiKey, text: apiKey.id === id ? text : textOf(apiKey.id) };
}
