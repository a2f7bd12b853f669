import { randomUUID } from 'node:crypto';
import {
  liveClientMessageSchema,
  type LiveAdmission,
  type LiveClientMessage,
  type LiveMember,
} from '@cookie-scanner/contracts';
import type { RawData, WebSocket } from 'ws';
import { CLOSE, type Farewell } from './close-codes.ts';
import { messageBudget } from './message-budget.ts';

/** What may wait for a client that does not read; a whole room of cursors is a tenth of it. */
const UNREAD_SIZE_MAX_BYTES = 256 * 1_024;

/** How patient we are with a client that shows no life, in milliseconds. */
export interface Patience {
  /** Without a sign of life, until it is asked for one. */
  readonly pingAfterMs: number;
  /** Without a sign of life, until it counts as gone. */
  readonly goneAfterMs: number;
}

/** One window of somebody who was admitted to a workspace. */
export interface LiveConnection {
  readonly admission: LiveAdmission;
  /** Who it is and where, as others see it. */
  member(): LiveMember;
  /** True when where it is was never written, changed, or was written so long ago that it must be said again. */
  isDue(beatMs: number): boolean;
  /** Notes that where it is gets written now. */
  noteWritten(): void;
  /** Notes that it could not be written, and must be tried again. */
  noteUnwritten(): void;
  /** Says something; a client that leaves too much unread is cut off. */
  say(text: string): void;
  /** Asks for a sign of life, or cuts off when there was none for too long. */
  checkLife(patience: Patience): void;
  close(farewell: Farewell): void;
}

/** Takes over the socket of somebody who was admitted. What they sent until now has waited, and is read from here on. */
export function liveConnection(socket: WebSocket, admission: LiveAdmission): LiveConnection {
  const connectionId = randomUUID();
  const isWithinBudget = messageBudget();
  let cursor: LiveMember['cursor'] = null;
  let isWritten = false;
  let writtenAtMs = 0;
  let seenAtMs = performance.now();

  const close = ({ code, reason }: Farewell): void => socket.close(code, reason);
  /** Counts what a client sends and whether it is too much; messages after our farewell say nothing any more. */
  const isHeard = (): boolean => {
    seenAtMs = performance.now();
    if (socket.readyState !== socket.OPEN) return false;
    if (isWithinBudget()) return true;
    close({ code: CLOSE.policy, reason: 'too many messages' });
    return false;
  };

  socket.on('pong', isHeard);
  socket.on('ping', isHeard);
  socket.on('message', (data, isBinary) => {
    if (!isHeard()) return;
    const message = isBinary ? null : readMessage(data);
    if (!message) return void close({ code: CLOSE.policy, reason: 'not a message of ours' });
    ({ cursor } = message);
    isWritten = false;
  });

  return {
    admission,
    close,
    member: () => ({ connectionId, userId: admission.userId, cursor }),
    isDue: (beatMs) => !isWritten || performance.now() - writtenAtMs >= beatMs,
    noteWritten() {
      isWritten = true;
      writtenAtMs = performance.now();
    },
    noteUnwritten() {
      isWritten = false;
    },
    say(text) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > UNREAD_SIZE_MAX_BYTES) socket.terminate();
      else socket.send(text);
    },
    checkLife({ pingAfterMs, goneAfterMs }) {
      const silentMs = performance.now() - seenAtMs;
      if (silentMs >= goneAfterMs) socket.terminate();
      else if (silentMs >= pingAfterMs && socket.readyState === socket.OPEN) socket.ping();
    },
  };
}

function readMessage(data: RawData): LiveClientMessage | null {
  if (!Buffer.isBuffer(data)) return null;
  try {
    return liveClientMessageSchema.safeParse(JSON.parse(data.toString())).data ?? null;
  } catch {
    return null; // Not JSON.
  }
}
