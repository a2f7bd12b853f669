import type { Setter } from '@cookie-scanner/contracts';
import { hostOf } from '../web-address.ts';

/** Hosts that had to do with setting something, the nearest first, each once. */
export function setterHosts({ url, initiators }: Setter): string[] {
  const hosts = [url, ...initiators].map((one) => (one === null ? null : hostOf(one)));
  return [...new Set(hosts.filter((host) => host !== null))];
}
