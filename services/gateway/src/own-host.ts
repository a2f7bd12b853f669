import { AppError } from '@cookie-scanner/errors';

/** What is thrown for a URL that leads to this service itself; null for any other. */
export function ownHostRefusal(url: string, publicUrl: string | null): AppError | null {
  if (publicUrl === null || new URL(url).hostname !== new URL(publicUrl).hostname) return null;
  return new AppError('ADDRESS_NOT_ALLOWED', 'This address must not be scanned: it is this service itself.');
}
