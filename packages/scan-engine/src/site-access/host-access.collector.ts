import type { AccessObservation, SiteAccess } from '@cookie-scanner/contracts';
import type { Protocol } from '../browser/cdp.ts';
import { isAnswered, pauseRequests } from '../browser/paused-requests.ts';
import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { Collector } from '../collectors/collector.ts';
import { ownHost, type OwnHost } from './own-host.ts';

/** Opens the site's own host to every target of the scan. */
export interface HostAccess extends Collector {
  /** What became of the credentials; null when there are none. */
  authentication(): AccessObservation['httpAuthentication'];
  /** Where the headers did not come along, in plain words. */
  notes(): string[];
}

type Given = Pick<SiteAccess, 'headers' | 'httpCredentials'>;

/**
 * Sends the headers with requests to the site's own host, and answers that host, and no other one, when it asks for
 * a user name and a password. Requests to other hosts are not even looked at.
 *
 * The browser lets nobody change the handshakes of WebSockets. It sends them cookies and, once a page has needed them, user
 * name and password by itself, but the headers do not come along, which is said.
 */
export function hostAccessCollector({ headers, httpCredentials }: Given, startUrl: string): HostAccess {
  const host = ownHost(startUrl);
  const isNeeded = headers.length > 0 || httpCredentials !== null;
  /** Requests whose challenge has been answered; one that comes back was answered wrongly. */
  const answered = new Set<string>();
  let barredSockets = 0;
  let state: AccessObservation['httpAuthentication'] = httpCredentials ? 'not_asked' : null;

  const answerChallenge = (
    { session }: AttachedTarget,
    { requestId, authChallenge }: Protocol.Fetch.AuthRequiredEvent,
  ): void => {
    const isOurs =
      httpCredentials !== null && authChallenge.source === 'Server' && host.includes(authChallenge.origin);
    if (isOurs && answered.has(requestId)) state = 'rejected';
    // Trying again with what was refused could lock the account.
    const mayAnswer = isOurs && state !== 'rejected';
    if (mayAnswer) {
      answered.add(requestId);
      state = 'given';
    }
    const authChallengeResponse = mayAnswer
      ? { response: 'ProvideCredentials', ...httpCredentials }
      : { response: 'CancelAuth' };
    sendAndForget(session, 'Fetch.continueWithAuth', { requestId, authChallengeResponse });
  };

  return {
    attach(target) {
      if (!isNeeded) return;
      const { session } = target;
      session.on('Fetch.requestPaused', (event) => {
        if (isAnswered(event)) return;
        const { requestId, request, resourceType } = event;
        const further = mayCarryHeaders(request, resourceType, host) ? headers : [];
        sendAndForget(session, 'Fetch.continueRequest', {
          requestId,
          ...(further.length > 0 ? { headers: withHeaders(request.headers, further) } : {}),
        });
      });
      session.on('Network.webSocketCreated', ({ url }) => {
        if (headers.length > 0 && host.includes(url.replace(/^ws/, 'http'))) barredSockets += 1;
      });
      session.on('Fetch.authRequired', (event) => answerChallenge(target, event));
      pauseRequests(session, {
        patterns: host.patterns.map((urlPattern) => ({ urlPattern, requestStage: 'Request' })),
        handleAuthRequests: httpCredentials !== null,
      });
    },
    authentication: () => state,
    notes: () =>
      barredSockets === 0
        ? []
        : [
            'The browser sends no further headers when it opens a WebSocket, so that the site’s own ' +
              `(${barredSockets}) were opened without those that were given. They may have stayed closed.`,
          ],
  };
}

/** A page of another origin would need the host's leave first, which the browser asks for without our headers. */
function mayCarryHeaders(
  { url, headers }: Protocol.Network.Request,
  resourceType: Protocol.Network.ResourceType,
  host: OwnHost,
): boolean {
  if (!host.includes(url)) return false;
  const origin = Object.entries(headers).find(([name]) => name.toLowerCase() === 'origin')?.[1];
  return resourceType === 'Document' || origin === undefined || host.includes(origin);
}

function withHeaders(own: Protocol.Network.Headers, further: Given['headers']): Protocol.Fetch.HeaderEntry[] {
  const replaced = new Set(further.map(({ name }) => name));
  return [
    ...Object.entries(own)
      .filter(([name]) => !replaced.has(name.toLowerCase()))
      .map(([name, value]) => ({ name, value })),
    ...further,
  ];
}
