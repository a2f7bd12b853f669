import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AppError } from '@cookie-scanner/errors';
import { isPublicAddress } from '@cookie-scanner/url-policy';

/** Finds all addresses of a name. */
export type ResolveAll = (
  name: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveAll: ResolveAll = (name, callback) => resolve(name, { all: true }, callback);

/**
 * Resolves names for a connection, and refuses those that lead to an address that is not public. The connection is made to
 * the very address that was judged, so that a name which changes in between changes nothing.
 *
 * @param find - for tests
 */
export function guardedLookup(find: ResolveAll = resolveAll): LookupFunction {
  return (name, options, callback) => {
    find(name, (error, addresses) => {
      if (error) return void callback(error, '');
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
        return void callback(notPublic(), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Which address it is, is nobody's business outside: it would tell of the network that the platform is in. */
export function notPublic(): AppError {
  return new AppError('ADDRESS_NOT_ALLOWED', 'the name leads to an address that is not public');
}
