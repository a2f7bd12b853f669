import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Flags of what an authenticator says. @see https://www.w3.org/TR/webauthn-3/#flags */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_KEY = 0x40;

/** What a test may have it do wrong. */
interface Behaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
}

/** A passkey in software: what a phone or a stick does, without asking anybody. */
export interface SoftwareAuthenticator {
  /** Answers `navigator.credentials.create`. */
  create(challenge: string, behaviour?: Behaviour): object;
  /** Answers `navigator.credentials.get`. */
  get(challenge: string, behaviour?: Behaviour): { response: { signature: string } };
}

/** @see https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data for the layouts */
export function softwareAuthenticator(usual: { origin: string; rpId: string }): SoftwareAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credential = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };

  function said(flags: number, { rpId = usual.rpId, isVerified = true, counter = 0 }: Behaviour): Buffer {
    const head = Buffer.alloc(5);
    head.writeUInt8(flags | PRESENT | (isVerified ? VERIFIED : 0));
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(rpId), head]);
  }
  const clientData = (type: string, challenge: string, { origin = usual.origin }: Behaviour): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

  return {
    create(challenge, behaviour = {}) {
      const key = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)]);
      const authData = Buffer.concat([said(WITH_KEY, behaviour), key]);
      const response = {
        clientDataJSON: clientData('webauthn.create', challenge, behaviour).toString('base64url'),
        attestationObject: attestation(authData).toString('base64url'),
        transports: ['internal'],
      };
      return { ...credential, response, clientExtensionResults: {}, authenticatorAttachment: 'platform' };
    },
    get(challenge, behaviour = {}) {
      const client = clientData('webauthn.get', challenge, behaviour);
      const authenticatorData = said(0, behaviour);
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(client).digest()]);
      const { userHandle } = behaviour;
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
        ...(userHandle === undefined ? {} : { userHandle: Buffer.from(userHandle).toString('base64url') }),
      };
      return { ...credential, response, clientExtensionResults: {} };
    },
  };
}

/** A key on the curve P-256 for ES256, in CBOR. @see https://www.rfc-editor.org/rfc/rfc9053#section-7.1.1 */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const coordinate = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0x58, 32]), Buffer.from(text, 'base64url')]);
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    coordinate(x),
    Buffer.from([0x22]),
    coordinate(y),
  ]);
}

/** An attestation that attests nothing, in CBOR. */
function attestation(authData: Buffer): Buffer {
  const text = (word: string): Buffer =>
    Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)]);
  return Buffer.concat([
    ...[Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0])],
    ...[text('authData'), Buffer.from([0x58, authData.length]), authData],
  ]);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
