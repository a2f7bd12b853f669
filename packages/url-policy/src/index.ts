export { addressVerdict, isPublicAddress, type AddressVerdict } from './public-address.ts';
export { parseScanUrl } from './scan-url.ts';
export { parseHostRules, type HostRules, type MappedHost } from './host-rules.ts';
