/** What a limit says to one hit. */
export interface RateLimitResult {
  readonly allowed: boolean;
  /** Hits left in the current window. */
  readonly remaining: number;
  /** Milliseconds until this hit would be allowed if nothing else happens; 0 for one that is. */
  readonly retryAfterMs: number;
  /** The limit that was applied: the stricter one while Redis is away. */
  readonly limit: number;
}
