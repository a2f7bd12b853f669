import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { readFileSync } from 'node:fs';

const FILES = {
  bookshop: 'bookshop.observation.json',
  botWall: 'bot-wall.observation.json',
  deadline: 'deadline.observation.json',
  hostile: 'hostile.observation.json',
  quiet: 'quiet.observation.json',
  shop: 'shop.observation.json',
  unreachable: 'unreachable.observation.json',
} as const;

/**
 * - `bookshop`: cookies and storage items under the names that vendors are known to use, beside some that nobody knows
 * - `shop`: a shop with tag manager, analytics, advertising pixels, a cookie sync and a chat frame
 * - `deadline`: cut off by its deadline, third-party cookies blocked, private addresses refused
 * - `botWall`: the site showed a check instead of its page
 * - `unreachable`: the name does not exist
 * - `quiet`: a site that sets nothing
 * - `hostile`: every text tries to break out of whatever shows it
 */
export type SavedObservation = keyof typeof FILES;

/** A fresh copy of an observation that was saved for tests, checked against the contract. */
export function savedObservation(name: SavedObservation): SiteObservation {
  const json: unknown = JSON.parse(readFileSync(new URL(FILES[name], import.meta.url), 'utf8'));
  return siteObservationSchema.parse(json);
}
