import type { Site } from './site.ts';
import { aliasedTracker } from './sites/aliased-tracker.site.ts';
import { answerKinds, notModified } from './sites/answer-kinds.sites.ts';
import { consentHandmade } from './sites/consent-handmade.sites.ts';
import { consentManagers } from './sites/consent-managers.sites.ts';
import { cookieStoreSite } from './sites/cookie-store.site.ts';
import { crossSiteFetch } from './sites/cross-site-fetch.site.ts';
import { crossSiteFrame } from './sites/cross-site-frame.site.ts';
import { documentHttp } from './sites/document-http.site.ts';
import { earlyHints } from './sites/early-hints.site.ts';
import { exploredLinks } from './sites/explored-links.sites.ts';
import { exploredSitemaps } from './sites/explored-sitemaps.sites.ts';
import { fingerprinting } from './sites/fingerprinting.sites.ts';
import { formLogin } from './sites/form-login.site.ts';
import { gates } from './sites/gates.sites.ts';
import { formListener } from './sites/form-listener.site.ts';
import { hostilePage } from './sites/hostile-page.site.ts';
import { identifierTransfers } from './sites/identifier-transfer.sites.ts';
import { disguisedCode, indirectCode } from './sites/indirect-code.sites.ts';
import { interaction } from './sites/interaction.site.ts';
import { lateFrames } from './sites/late-frames.site.ts';
import { lateTimers } from './sites/late-timers.site.ts';
import { leaving } from './sites/leaving.site.ts';
import { leavingFrames } from './sites/leaving-frames.site.ts';
import { mediaBodies } from './sites/media-bodies.site.ts';
import { nestedFrames } from './sites/nested-frames.site.ts';
import { oddNames } from './sites/odd-names.site.ts';
import { pageFacts } from './sites/page-facts.site.ts';
import { party } from './sites/party.sites.ts';
import { plain } from './sites/plain.site.ts';
import { popup } from './sites/popup.site.ts';
import { privateReach } from './sites/private-reach.sites.ts';
import { redirectCrossSite, redirectHop } from './sites/redirect.sites.ts';
import { rejected, rejectedHttp } from './sites/rejected.sites.ts';
import { resourceChannels } from './sites/resource-channels.site.ts';
import { resourceKinds } from './sites/resource-kinds.site.ts';
import { restlessSites } from './sites/restless.sites.ts';
import { robustNetwork } from './sites/robust-network.sites.ts';
import { robustPage } from './sites/robust-page.sites.ts';
import { robustServer } from './sites/robust-server.sites.ts';
import { sameName } from './sites/same-name.site.ts';
import { sameOriginFrames } from './sites/same-origin-frames.site.ts';
import { scriptSetters } from './sites/script-setters.site.ts';
import { secretEcho } from './sites/secret-echo.site.ts';
import { shop } from './sites/shop.site.ts';
import { storageSite } from './sites/storage.site.ts';
import { thirdPartyPixel } from './sites/third-party-pixel.site.ts';
import { transient } from './sites/transient.site.ts';
import { vendorAnalytics } from './sites/vendor-analytics.sites.ts';
import { vendorLibraries } from './sites/vendor-libraries.sites.ts';
import { webSocket } from './sites/web-socket.site.ts';
import { workerChannels } from './sites/worker-channels.sites.ts';
import { serviceWorkerStore, workers } from './sites/workers.sites.ts';
import { xsltDocument } from './sites/xslt-document.site.ts';

/** Every site of the test web. Adding one is its file and its line here. */
export const SITES: readonly Site[] = [
  shop,
  plain,
  documentHttp,
  redirectHop,
  redirectCrossSite,
  thirdPartyPixel,
  aliasedTracker,
  crossSiteFrame,
  scriptSetters,
  cookieStoreSite,
  workers,
  serviceWorkerStore,
  transient,
  lateTimers,
  lateFrames,
  ...restlessSites,
  popup,
  leaving,
  leavingFrames,
  rejected,
  rejectedHttp,
  oddNames,
  sameName,
  webSocket,
  crossSiteFetch,
  nestedFrames,
  resourceKinds,
  resourceChannels,
  mediaBodies,
  earlyHints,
  xsltDocument,
  ...workerChannels,
  answerKinds,
  ...fingerprinting,
  ...identifierTransfers,
  formListener,
  pageFacts,
  notModified,
  indirectCode,
  disguisedCode,
  ...party,
  storageSite,
  interaction,
  hostilePage,
  sameOriginFrames,
  ...vendorAnalytics,
  ...vendorLibraries,
  ...consentManagers,
  ...consentHandmade,
  ...robustServer,
  ...robustPage,
  ...robustNetwork,
  ...privateReach,
  ...exploredLinks,
  ...exploredSitemaps,
  ...gates,
  formLogin,
  secretEcho,
];
