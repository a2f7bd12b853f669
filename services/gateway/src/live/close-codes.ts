/**
 * Why we close a live connection. Beside these, `ws` itself closes with 1002 (no WebSocket), 1007 (no UTF-8) and 1009 (a
 * message that is too large).
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4
 */
export const CLOSE = {
  /** This gateway stops; connect again, with a new ticket. */
  goingAway: 1001,
  /** A message that is none of ours, or too many of them. */
  policy: 1008,
  /** Redis, PostgreSQL or room is missing; connect again after some seconds, with a new ticket. */
  tryAgainLater: 1013,
  /** No ticket, or none that is good any more. */
  noTicket: 4401,
  /** A page of another site, somebody who is no member (any more), signed out, or in another role now. */
  forbidden: 4403,
  /** Too many connections of one person, or to one workspace. */
  tooMany: 4429,
} as const;

/** A refusal, or the end of what was admitted. */
export interface Farewell {
  readonly code: (typeof CLOSE)[keyof typeof CLOSE];
  /** For whoever looks at it in a browser's tools; at most 123 bytes. */
  readonly reason: string;
}
