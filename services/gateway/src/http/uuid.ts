const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID as PostgreSQL writes it, from a part of a path or a header in any case; null when it is none. */
export function uuidOf(text: unknown): string | null {
  const id = String(text).toLowerCase();
  return UUID.test(id) ? id : null;
}
