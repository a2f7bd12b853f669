import {
  authoriseInWorkspace,
  authorisePersonally,
  requireFreshProof,
  workspaceNotFound,
  type Authenticator,
  type Caller,
  type Person,
  type PersonalPermission,
  type WorkspaceCaller,
  type WorkspacePermission,
} from '@cookie-scanner/auth';
import { AppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';
import { clientOf } from './client.ts';
import { contextOf } from './request-context.ts';
import type { RequestLimits } from './request-limits.ts';
import { uuidOf } from './uuid.ts';

/** What a caller needs to be let in. */
interface Door<TPermission> {
  readonly permission: TPermission;
  readonly needsFreshProof?: boolean;
}

/** Finds out who sends a request, and whether they may. */
export interface Doorman {
  /** Counts the request of somebody who need not say who they are. */
  greet(request: Request, response: Response): Promise<void>;
  /** @throws AppError AUTHENTICATION_REQUIRED, TOKEN_INVALID, PERMISSION_DENIED, STEP_UP_REQUIRED, RATE_LIMITED */
  letInPersonally(door: Door<PersonalPermission>, request: Request, response: Response): Promise<Person>;
  /** Throws as `letInPersonally` does, and AppError WORKSPACE_NOT_FOUND. */
  letIntoWorkspace(
    door: Door<WorkspacePermission>,
    request: Request,
    response: Response,
  ): Promise<WorkspaceCaller>;
}

/** The doorman of a gateway. */
export function doorman(authenticator: Authenticator, limits: RequestLimits): Doorman {
  async function identify(request: Request, response: Response): Promise<Caller> {
    const { address } = clientOf(request, response);
    const bearer = bearerOf(request);
    if (bearer === null) {
      await limits.take(response, null, address);
      throw new AppError(
        'AUTHENTICATION_REQUIRED',
        'Sign in, or send an API key, as Authorization: Bearer …',
      );
    }
    // A program that tries tokens must be slowed down before each costs a look-up; a good one has its own limit.
    const caller = await authenticator.authenticate(bearer, address).catch(async (error: unknown) => {
      await limits.take(response, null, address);
      throw error;
    });
    const context = contextOf(response);
    context.caller = caller;
    context.log = context.log.child({ userId: caller.userId });
    await limits.take(response, caller, address);
    return caller;
  }

  return {
    greet: (request, response) => limits.take(response, null, clientOf(request, response).address),
    async letInPersonally(door, request, response) {
      const person = authorisePersonally(await identify(request, response), door.permission);
      if (door.needsFreshProof === true) requireFreshProof(person);
      return person;
    },
    async letIntoWorkspace(door, request, response) {
      const caller = await identify(request, response);
      const place = workspaceOf(request);
      const allowed = authoriseInWorkspace(caller, door.permission, place);
      if (door.needsFreshProof === true) requireFreshProof(caller);
      contextOf(response).workspaceId = allowed.workspaceId;
      return allowed;
    },
  };
}

/** The token of the one `Authorization` header; a key in the query would stand in every log on its way. */
function bearerOf(request: Request): string | null {
  const given = request.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  );
  if (given.length > 1) throw new AppError('TOKEN_INVALID', 'Send one Authorization header.');
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const token = /^Bearer +(\S{1,8192})$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new AppError('TOKEN_INVALID', 'Write the header as Authorization: Bearer, and the token.');
  }
  return token;
}

/** The workspace that a request names; null when it names none. */
function workspaceOf(request: Request): string | null {
  const named = request.params['workspaceId'] ?? request.headers['x-workspace-id'];
  if (named === undefined) return null;
  const workspaceId = uuidOf(named);
  if (workspaceId === null) throw workspaceNotFound();
  return workspaceId;
}
