/** What an error code means to the two places that must act on it: HTTP and the queue. */
export interface ErrorRule {
  /** HTTP status the gateway answers with. */
  readonly status: number;
  /** `never`: the same input fails again, so the job stops. `later`: a new attempt may succeed. */
  readonly retry: 'never' | 'later';
  /** Whether `message` may be shown to the caller; otherwise the caller sees only the code. */
  readonly expose: boolean;
}

/** Every error this platform raises on purpose. Add a row here before throwing a new code. */
export const ERROR_RULES = {
  INPUT_INVALID: { status: 422, retry: 'never', expose: true },
  JSON_INVALID: { status: 400, retry: 'never', expose: true },
  URL_INVALID: { status: 422, retry: 'never', expose: true },
  ADDRESS_NOT_ALLOWED: { status: 422, retry: 'never', expose: true },
  /** The HTTP request itself is malformed: its path, its headers, its version. */
  REQUEST_INVALID: { status: 400, retry: 'never', expose: true },
  HEADERS_TOO_LARGE: { status: 431, retry: 'never', expose: true },
  /** The request names a host that is not ours, as a page does whose own name was pointed at this machine. */
  HOST_NOT_ALLOWED: { status: 421, retry: 'never', expose: true },
  /** A browser says that a page of another site sends this request. */
  CROSS_SITE_REFUSED: { status: 403, retry: 'never', expose: true },
  /** Nobody said who they are. */
  AUTHENTICATION_REQUIRED: { status: 401, retry: 'never', expose: true },
  /** A token or key that is none of ours, too old, or ended. */
  TOKEN_INVALID: { status: 401, retry: 'never', expose: true },
  /** Mail address, password or code are wrong; which of them is not told. */
  CREDENTIALS_WRONG: { status: 401, retry: 'never', expose: true },
  MFA_REQUIRED: { status: 401, retry: 'never', expose: true },
  /** What is dangerous needs a fresh proof of who somebody is. */
  STEP_UP_REQUIRED: { status: 403, retry: 'never', expose: true },
  PERMISSION_DENIED: { status: 403, retry: 'never', expose: true },
  TOO_MANY_ATTEMPTS: { status: 429, retry: 'later', expose: true },
  RATE_LIMITED: { status: 429, retry: 'later', expose: true },
  WORKSPACE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  MEMBER_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  /** The token of an invitation is wrong, too old or used. */
  INVITATION_INVALID: { status: 400, retry: 'never', expose: true },
  /** So is the token for a new password. */
  RESET_INVALID: { status: 400, retry: 'never', expose: true },
  /** This installation sends no mails, so what would come by mail cannot be had. */
  MAIL_OFF: { status: 409, retry: 'never', expose: true },
  PROFILE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  BATCH_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  DOMAIN_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  SCHEDULE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  /** As many as are allowed are there already. */
  QUOTA_EXCEEDED: { status: 403, retry: 'never', expose: true },
  USER_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  SESSION_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  PASSKEY_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  NOTIFICATION_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  WEBHOOK_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  API_KEY_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  /** It would leave the platform or a workspace without anybody who runs it. */
  LAST_ADMIN: { status: 409, retry: 'never', expose: true },
  TOO_MANY_STREAMS: { status: 503, retry: 'later', expose: true },
  ROUTE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  METHOD_NOT_ALLOWED: { status: 405, retry: 'never', expose: true },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, retry: 'never', expose: true },
  BODY_TOO_LARGE: { status: 413, retry: 'never', expose: true },
  SCAN_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  SCAN_NOT_FINISHED: { status: 409, retry: 'later', expose: true },
  /** Retention removed what was asked for; the scan itself is still known. */
  SCAN_DETAILS_EXPIRED: { status: 410, retry: 'never', expose: true },
  FINDING_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  CATEGORY_OVERRIDE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  BASELINE_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  REPORT_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  REPORT_NOT_READY: { status: 409, retry: 'later', expose: true },
  /** A worker found that another attempt owns the scan now; it must write nothing. */
  SCAN_CLAIM_LOST: { status: 409, retry: 'never', expose: false },
  ARTIFACT_NOT_FOUND: { status: 404, retry: 'never', expose: true },
  ARTIFACT_STORE_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** The file is not what its hash says. */
  ARTIFACT_DAMAGED: { status: 500, retry: 'never', expose: true },
  /** Something with this name or in this place exists already, or is still needed. */
  CONFLICT: { status: 409, retry: 'never', expose: true },
  /** Something that is referred to does not exist, or no longer. */
  REFERENCE_MISSING: { status: 409, retry: 'never', expose: true },
  /** It changed since it was read. */
  PRECONDITION_FAILED: { status: 412, retry: 'never', expose: true },
  /** A change must say which state of the thing it is about. */
  PRECONDITION_REQUIRED: { status: 428, retry: 'never', expose: true },
  /** The key of a request that must be carried out once was used for another request. */
  IDEMPOTENCY_KEY_REUSED: { status: 422, retry: 'never', expose: true },
  CONFIG_INVALID: { status: 500, retry: 'never', expose: false },
  MIGRATION_FAILED: { status: 500, retry: 'never', expose: false },
  DATABASE_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** The login that is to check the audit log may not see all of it. */
  AUDIT_UNREADABLE: { status: 503, retry: 'never', expose: false },
  REDIS_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** Someone else held the lock for longer than the caller would wait. */
  LOCK_TAKEN: { status: 409, retry: 'later', expose: false },
  /** The lock ran out or went to someone else while its holder was still working. */
  LOCK_LOST: { status: 409, retry: 'later', expose: false },
  /** A value that was to be cached took too long to compute. */
  COMPUTE_TIMED_OUT: { status: 503, retry: 'later', expose: false },
  QUEUE_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** What opens a site to a scan cannot be decrypted. */
  ACCESS_UNREADABLE: { status: 500, retry: 'never', expose: false },
  BROWSER_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** Our own way to the network failed, not the site. */
  EGRESS_UNAVAILABLE: { status: 503, retry: 'later', expose: false },
  /** What a scan may use up was used up; the same site would do so again. */
  RESOURCE_LIMIT: { status: 503, retry: 'never', expose: true },
  DELIVERY_FAILED: { status: 502, retry: 'later', expose: false },
  DELIVERY_REFUSED: { status: 502, retry: 'never', expose: false },
  /** Something that must be installed on this machine is missing. */
  MACHINE_NOT_READY: { status: 500, retry: 'never', expose: false },
  /** A file could not be written: no space left, or no permission. */
  DISK_NOT_WRITABLE: { status: 500, retry: 'later', expose: false },
  PORT_TAKEN: { status: 500, retry: 'later', expose: false },
  /** The stack of this checkout is running for another purpose or with other settings. */
  STACK_BUSY: { status: 500, retry: 'later', expose: false },
  /** A program of the stack did not start, or ended unexpectedly. */
  STACK_FAILED: { status: 500, retry: 'later', expose: false },
} as const satisfies Record<string, ErrorRule>;

/** A name from the table of errors. */
export type ErrorCode = keyof typeof ERROR_RULES;
