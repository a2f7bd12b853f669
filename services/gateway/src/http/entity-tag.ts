import { createHash } from 'node:crypto';
import { AppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';

const TAG_LENGTH = 22;

/** The strong entity tag of what is shown: it changes exactly when something that is shown does. */
export function entityTagOf(shown: object): string {
  return tagOf(JSON.stringify(shown));
}

function tagOf(json: string): string {
  const hash = createHash('sha256').update(json).digest('base64url');
  return `"${hash.slice(0, TAG_LENGTH)}"`;
}

/** Answers with a thing and its `ETag`; with 304 and nothing when the client says that it has just this. */
export function sendTagged(request: Request, response: Response, shown: object): void {
  const json = JSON.stringify(shown);
  response.setHeader('ETag', tagOf(json));
  if (request.fresh) response.status(304).end();
  else response.type('json').send(json);
}

/**
 * What a change must be held against before it is made: the state that `If-Match` names. Call what it returns with the
 * thing as it is, in the transaction that changes it.
 *
 * @throws AppError PRECONDITION_REQUIRED without the header; then or later PRECONDITION_FAILED when it names another state
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 */
export function ifMatch(request: Request): (current: object) => void {
  if (request.headers['if-match'] !== undefined) return ifMatchGiven(request);
  throw new AppError(
    'PRECONDITION_REQUIRED',
    'Send the ETag of what you change as If-Match, so that nobody’s change is overwritten unseen.',
  );
}

/** The same where the header may be missing: then anything goes. */
export function ifMatchGiven(request: Request): (current: object) => void {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return () => undefined;
  const named = header.split(',').map((tag) => tag.trim());
  return (current) => {
    if (named.includes(entityTagOf(current))) return;
    throw new AppError(
      'PRECONDITION_FAILED',
      'It changed since you read it: read it again, then decide anew.',
    );
  };
}

/** What changes without anybody deciding it; `updatedAt` moves with it. */
const PASSING: ReadonlySet<string> = new Set([
  'consecutiveFailures',
  'lastLoginAt',
  'lastSeenAt',
  'lastUsedAt',
  'lockedUntil',
  'updatedAt',
]);

/**
 * The part of a thing that people decide. Its tag is that of keys, accounts and others that are marked whenever they are
 * used: a key at work must not keep its owner from renaming it.
 */
export function decidedPartOf(shown: object): object {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !PASSING.has(name)));
}

/**
 * Answers with a thing and the tag of what people decided about it. Never with 304: the rest may have changed.
 *
 * @param tagged - what the tag is of, where that is a part of what is shown
 */
export function sendDecided(response: Response, shown: object, tagged: object = shown): void {
  response.setHeader('ETag', entityTagOf(decidedPartOf(tagged)));
  response.type('json').end(JSON.stringify(shown));
}

/** As `ifMatch`, for what is sent with `sendDecided`. */
export function ifMatchDecided(request: Request): (current: object) => void {
  const check = ifMatch(request);
  return (current) => check(decidedPartOf(current));
}

/** As `ifMatchGiven`, for what is sent with `sendDecided`. */
export function ifMatchDecidedGiven(request: Request): (current: object) => void {
  const check = ifMatchGiven(request);
  return (current) => check(decidedPartOf(current));
}
