import { z } from 'zod';
import { idSchema } from './id.ts';
import { nameSchema } from './text.ts';

const BASE64URL_LENGTH_MAX = 20_000;
const CREDENTIAL_ID_LENGTH_MAX = 1_400;

const base64url = z
  .string()
  .max(BASE64URL_LENGTH_MAX)
  .regex(/^[\w-]*$/, 'is not base64url');
const credentialId = z
  .string()
  .min(1)
  .max(CREDENTIAL_ID_LENGTH_MAX)
  .regex(/^[\w-]+$/, 'is not base64url');

/** What every credential of a browser says of itself. */
const credential = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(32).nullish(),
  /** Not looked at. */
  clientExtensionResults: z.unknown().optional(),
};

/** A new key, as `navigator.credentials.create` and `toJSON` give it. @see https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson */
export const newCredentialSchema = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(10).optional(),
    // Parts of the attestation object once more, which is where they are read from.
    authenticatorData: base64url.optional(),
    publicKey: base64url.nullish(),
    publicKeyAlgorithm: z.number().int().optional(),
  }),
});
export type NewCredential = z.infer<typeof newCredentialSchema>;

/** A signature by a key, as `navigator.credentials.get` and `toJSON` give it. @see https://www.w3.org/TR/webauthn-3/#dictdef-authenticationresponsejson */
export const usedCredentialSchema = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});
export type UsedCredential = z.infer<typeof usedCredentialSchema>;

/** Adds a key to one's account. */
export const passkeyCreateSchema = z.strictObject({ name: nameSchema, credential: newCredentialSchema });
export type PasskeyCreate = z.infer<typeof passkeyCreateSchema>;

/** Signs in, or proves again who one is, by a key. */
export const passkeyUseSchema = z.strictObject({ credential: usedCredentialSchema });
export type PasskeyUse = z.infer<typeof passkeyUseSchema>;

/** What the browser's `navigator.credentials` needs, in its own words: hand it over as it is. */
export const passkeyOptionsSchema = z.object({ challenge: z.string() });

/** A key of an account, as its owner sees it. */
export const passkeySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Whether its maker keeps a copy, so that it outlives the device. */
  isBackedUp: z.boolean(),
  lastUsedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Passkey = z.infer<typeof passkeySchema>;

/** The keys of an account, the oldest first. */
export const passkeyListSchema = z.object({ items: z.array(passkeySchema) });
