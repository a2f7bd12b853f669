export { generateOrdinarySites } from './ordinary/generate-ordinary-sites.ts';
export type { LoggedRequest } from './request-log.ts';
export { CONSENT_SITES } from './consent/consent-catalog.ts';
export type { ConsentSite, ConsentTruth } from './consent/consent-site.ts';
export { SITES } from './site-catalog.ts';
export type { Inside, Site } from './site.ts';
export { startTestWeb, type TestWeb, type TestWebOptions } from './start-test-web.ts';
export { truthDifferences, type ObservedCookie } from './truth-differences.ts';
export type * from './truth.ts';
