// The server's half of SOCKS 5 as far as Chromium speaks it: no authentication, CONNECT only.
// @see https://www.rfc-editor.org/rfc/rfc1928
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What the client asks to be connected to. */
export interface ConnectRequest {
  readonly host: string;
  readonly port: number;
}

/** Answers of RFC 1928 section 6 that the gateway gives. */
export const REPLY = {
  succeeded: 0,
  notAllowed: 2,
  hostUnreachable: 4,
  refused: 5,
  commandUnsupported: 7,
} as const;

const VERSION = 5;
const CONNECT = 1;
const ADDRESS_V4 = 1;
const ADDRESS_NAME = 3;
const ADDRESS_V6 = 4;
const MESSAGE_LENGTH_MAX = 512;

/**
 * Reads greeting and request from a fresh connection and answers the greeting.
 *
 * @returns the request, and bytes that the client already sent behind it; null when the client does not speak
 *   SOCKS 5, closes, or asks for anything but a connection (it has been answered then)
 */
export async function readConnectRequest(socket: Socket): Promise<ConnectRequest | null> {
  let buffer: Buffer = Buffer.alloc(0);
  let greeted = false;

  for await (const chunk of readableChunks(socket)) {
    buffer = Buffer.concat([buffer, chunk]);
    if (buffer.length > MESSAGE_LENGTH_MAX) return null;
    if (!greeted) {
      const length = greetingLength(buffer);
      if (length === null) continue;
      if (buffer[0] !== VERSION) return null;
      socket.write(Buffer.from([VERSION, 0]));
      buffer = buffer.subarray(length);
      greeted = true;
    }
    const parsed = parseRequest(buffer);
    if (parsed === 'incomplete') continue;
    if (parsed === 'unsupported') {
      sendReply(socket, REPLY.commandUnsupported);
      return null;
    }
    const rest = buffer.subarray(parsed.length);
    if (rest.length > 0) socket.unshift(rest);
    return parsed.request;
  }
  return null;
}

/** Sends the gateway's answer. The bound address in it is of no use to the client and left empty. */
export function sendReply(socket: Socket, reply: number): void {
  socket.write(Buffer.from([VERSION, reply, 0, ADDRESS_V4, 0, 0, 0, 0, 0, 0]));
}

/** Chunks as they arrive, without taking the socket over as `for await (of socket)` would when left early. */
async function* readableChunks(socket: Socket): AsyncGenerator<Buffer> {
  while (!socket.destroyed && !socket.readableEnded) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) {
      yield chunk;
      continue;
    }
    const more = await new Promise<boolean>((resolve) => {
      const settle = (value: boolean) => () => {
        for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
        resolve(value);
      };
      const listeners = {
        readable: settle(true),
        end: settle(false),
        close: settle(false),
        error: settle(false),
      };
      for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    });
    if (!more) return;
  }
}

function greetingLength(buffer: Buffer): number | null {
  const methods = buffer[1];
  if (methods === undefined || buffer.length < 2 + methods) return null;
  return 2 + methods;
}

function parseRequest(
  buffer: Buffer,
): { request: ConnectRequest; length: number } | 'incomplete' | 'unsupported' {
  if (buffer.length < 5) return 'incomplete';
  if (buffer[0] !== VERSION || buffer[1] !== CONNECT) return 'unsupported';
  const address = addressBounds(buffer);
  if (address === null) return 'unsupported';
  const length = address.end + 2;
  if (buffer.length < length) return 'incomplete';
  const bytes = buffer.subarray(address.start, address.end);
  const host =
    buffer[3] === ADDRESS_NAME ? bytes.toString('latin1') : ipaddr.fromByteArray([...bytes]).toString();
  return { request: { host, port: buffer.readUInt16BE(address.end) }, length };
}

function addressBounds(buffer: Buffer): { start: number; end: number } | null {
  switch (buffer[3]) {
    case ADDRESS_V4:
      return { start: 4, end: 8 };
    case ADDRESS_V6:
      return { start: 4, end: 20 };
    case ADDRESS_NAME:
      return { start: 5, end: 5 + (buffer[4] ?? 0) };
    default:
      return null;
  }
}
