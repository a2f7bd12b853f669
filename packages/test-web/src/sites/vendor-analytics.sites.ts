import type { Site } from '../site.ts';
import { byCookieStore, byScript, cookie, DAY_SECONDS, storage, transientCookie } from '../truth-builders.ts';
import { vendorSite } from './vendor-site.ts';

const YEAR_SECONDS = 365 * DAY_SECONDS;
const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const mixpanel = vendorSite(
  'mixpanel',
  'Mixpanel with a dummy token: one cookie, an event queue and two databases',
  `vendor.mixpanel.init('dummytoken', { api_host: 'https://api.mixpanel-vendor.test' });
   vendor.mixpanel.track('Page viewed');`,
  ({ host, origin, sdk }) => ({
    cookies: [
      cookie({
        name: 'mp_dummytoken_mixpanel',
        value: /^%7B%22distinct_id%22/,
        domain: `.${host}`,
        setBy: byScript(sdk),
        lifetimeSeconds: YEAR_SECONDS,
      }),
    ],
    transientCookies: [transientCookie('mp_dummytoken_mixpanel', host, byScript(sdk))],
    storage: [
      ...storage('local', origin, ['__mpq_dummytoken_ev'], { required: false }),
      ...storage('session', origin, ['mp_tab_id_mixpanel_dummytoken']),
      ...storage('session', origin, ['mp_gen_new_tab_id_mixpanel_dummytoken'], { required: false }),
      ...storage('indexeddb', origin, ['mixpanelBrowserDb', 'mixpanelFlagsDb']),
    ],
  }),
);

const posthog = vendorSite(
  'posthog',
  'PostHog with a dummy key: one cookie, a probe of the domain, Web Storage that depends on looking like a visitor',
  "vendor.posthog.init('phc_dummy', { api_host: 'https://eu.posthog-vendor.test' });",
  ({ host, origin, sdk }) => ({
    cookies: [
      cookie({
        name: 'ph_phc_dummy_posthog',
        value: /^%7B%22%24device_id%22/,
        domain: `.${host}`,
        setBy: byScript(sdk),
        secure: true,
        sameSite: 'Lax',
        lifetimeSeconds: YEAR_SECONDS,
      }),
    ],
    transientCookies: [transientCookie(new RegExp(`^dmn_chk_${UUID}$`), `.${host}`, byScript(sdk))],
    storage: [
      ...storage('local', origin, ['ph_phc_dummy_posthog']),
      ...storage('session', origin, ['ph_phc_dummy_posthog', 'ph_phc_dummy_session_registered_properties']),
      ...storage('session', origin, ['ph_phc_dummy_primary_window_exists', 'ph_phc_dummy_window_id'], {
        required: false,
      }),
    ],
  }),
);

const AMPLITUDE_KEY = 'a'.repeat(32);
const amplitude = vendorSite(
  'amplitude',
  'Amplitude with a dummy key: one cookie, several probes, queues in localStorage',
  `const client = vendor.amplitude.getInstance();
   client.init('${AMPLITUDE_KEY}', null, { apiEndpoint: 'api.amplitude-vendor.test' });
   client.logEvent('Page viewed');`,
  ({ host, origin, sdk }) => ({
    cookies: [
      cookie({
        name: 'amp_aaaaaa',
        value: /^[\w-]{22}\.\.\./,
        domain: `.${host}`,
        setBy: byScript(sdk),
        sameSite: 'Lax',
        lifetimeSeconds: YEAR_SECONDS,
      }),
    ],
    transientCookies: [
      transientCookie('amp_cookie_test', host, byScript(sdk)),
      transientCookie('amp_cookie_test', `.${host}`, byScript(sdk)),
      transientCookie(/^_tldtest_/, `.${host}`, byScript(sdk)),
      transientCookie(`amplitude_test${host}`, `.${host}`, byScript(sdk)),
    ],
    storage: storage('local', origin, [
      `amplitude_unsent_${AMPLITUDE_KEY}`,
      `amplitude_unsent_identify_${AMPLITUDE_KEY}`,
    ]),
  }),
);

const snowplow = vendorSite(
  'snowplow',
  'Snowplow: an id and a session cookie, Secure by default, and an event queue',
  `vendor.newTracker('sp', 'https://collector.snowplow-vendor.test', { appId: 'shop' });
   vendor.trackPageView();`,
  ({ host, origin, sdk }) => {
    const common = { domain: `.${host}`, setBy: byScript(sdk), secure: true, sameSite: 'Lax' } as const;
    return {
      cookies: [
        // The suffix is a hash of the domain, so it is the same in every visit.
        cookie({
          ...common,
          name: '_sp_id.19bd',
          value: new RegExp(`^${UUID}\\.\\d+\\.1\\.`),
          lifetimeSeconds: 400 * DAY_SECONDS,
          declaredLifetimeSeconds: 730 * DAY_SECONDS,
        }),
        cookie({ ...common, name: '_sp_ses.19bd', value: '*', lifetimeSeconds: 1_800 }),
      ],
      transientCookies: [transientCookie(/^_sp_root_domain_test_\d+$/, `.${host}`, byScript(sdk))],
      storage: storage('local', origin, ['snowplowOutQueue_sp']),
    };
  },
);

const segment = vendorSite(
  'segment',
  'Segment Analytics.js: anonymous and user id in cookies and localStorage',
  `const analytics = vendor.AnalyticsBrowser.load({
     writeKey: 'dummykey',
     cdnURL: 'https://cdn.segment-vendor.test',
     cdnSettings: { integrations: { 'Segment.io': { apiKey: 'dummykey', apiHost: 'api.segment-vendor.test/v1' } } },
   });
   analytics.page();
   analytics.identify('user-1', { plan: 'free' });`,
  ({ host, origin, sdk }) => {
    const common = {
      domain: `.${host}`,
      setBy: byScript(sdk),
      sameSite: 'Lax',
      lifetimeSeconds: YEAR_SECONDS,
    } as const;
    return {
      cookies: [
        cookie({ ...common, name: 'ajs_anonymous_id', value: new RegExp(`^${UUID}$`) }),
        cookie({ ...common, name: 'ajs_user_id', value: 'user-1' }),
      ],
      transientCookies: [transientCookie('__tld__', `.${host}`, byScript(sdk))],
      storage: storage('local', origin, ['ajs_anonymous_id', 'ajs_user_id', 'ajs_user_traits']),
    };
  },
);

const datadog = vendorSite(
  'datadog',
  'Datadog RUM: a session cookie of its own, set through the Cookie Store API',
  `vendor.datadogRum.init({
     applicationId: 'dummyapp', clientToken: 'pubdummy', site: 'datadoghq.com', service: 'shop',
   });`,
  ({ host, origin, sdk }) => ({
    cookies: [
      cookie({
        name: '_dd_s_v2',
        value: new RegExp(`^aid=${UUID}&`),
        domain: host,
        setBy: byCookieStore(sdk),
        secure: true,
        sameSite: 'Strict',
        lifetimeSeconds: YEAR_SECONDS,
      }),
    ],
    transientCookies: [transientCookie(new RegExp(`^dd_cookie_test_${UUID}$`), host, byCookieStore(sdk))],
    storage: storage('session', origin, ['_dd_tab_id']),
  }),
);

/** Real analytics libraries, started with dummy tokens; their endpoints are answered with `{}`. */
export const vendorAnalytics: readonly Site[] = [mixpanel, posthog, amplitude, snowplow, segment, datadog];
