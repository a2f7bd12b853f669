import type { LoginRecording } from '@cookie-scanner/contracts';
import { isSameSite } from '../../site.ts';
import { LoginFailure } from './login-failure.ts';
import { placeOf } from './login-window.ts';

/** Where secrets may be typed. */
export interface SecretHosts {
  /** @throws LoginFailure when a document of this address must not get to see one */
  check(url: string): void;
}

/**
 * Secrets may be typed on the scanned site and on sites that the recording itself leads to, and nowhere else: a site
 * that sends the visitor somewhere else since the recording was made does not get them. Over plain HTTP they are typed
 * only where the recording did so.
 */
export function secretHosts(startUrl: string, { steps }: LoginRecording): SecretHosts {
  const recorded = steps.flatMap((step) => [
    ...(step.type === 'navigate' ? [step.url] : []),
    ...step.assertedEvents.flatMap(({ url }) => url ?? []),
  ]);
  const known = [startUrl, ...recorded].filter((url) => URL.canParse(url));
  return {
    check(url) {
      const protocol = URL.canParse(url) ? new URL(url).protocol : '';
      const mayBe = known.some(
        (one) => isSameSite(one, url) && (protocol === 'https:' || new URL(one).protocol === protocol),
      );
      if (!mayBe)
        throw new LoginFailure(
          `a secret would be typed on ${placeOf(url)}, where the recording does not lead`,
        );
    },
  };
}
