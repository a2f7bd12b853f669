import type { ApiKeyScope, UserRole } from '@cookie-scanner/contracts';

/** Somebody who signed in, with what they may be at this moment. */
export interface Person {
  readonly kind: 'person';
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  /** Unix seconds of the last time they proved who they are; null when the token does not say. */
  readonly authenticatedAtSeconds: number | null;
  /** Roles on the platform. */
  readonly roles: readonly UserRole[];
  /** Roles in workspaces, the workspace joined first first. */
  readonly memberships: readonly Membership[];
}

/** The role of somebody in one workspace. */
export interface Membership {
  readonly workspaceId: string;
  readonly role: UserRole;
}

/** A program with an API key. It never may more than the key's creator may at this moment. */
export interface Program {
  readonly kind: 'program';
  readonly keyId: string;
  readonly keyName: string;
  /** Who made the key. */
  readonly userId: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Role of its creator in its workspace; empty when they are no member any more. */
  readonly memberships: readonly Membership[];
  /** Requests a minute; null for the platform's limit. */
  readonly rateLimitPerMinute: number | null;
}

/** Who sends a request, when it is not a stranger. */
export type Caller = Person | Program;

/** A caller in the workspace that a request is about. */
export type WorkspaceCaller = Caller & { readonly workspaceId: string; readonly role: UserRole };
