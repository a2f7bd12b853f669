/** What gives one consent manager away. Names of globals and cookies are exact unless they are patterns. */
export interface ManagerSigns {
  readonly name: string;
  readonly globals: readonly string[];
  readonly hosts: RegExp | null;
  readonly cookies: RegExp | null;
  /** Elements that its banner is made of, for managers that sites serve from their own host. */
  readonly elements: string | null;
}

function signs(
  name: string,
  globals: readonly string[],
  hosts: RegExp | null,
  cookies: RegExp | null,
  elements: string | null = null,
): ManagerSigns {
  return { name, globals, hosts, cookies, elements };
}

/** Consent managers by what they leave: from their public documentation, and from what they set in our test web. */
export const CONSENT_MANAGERS: readonly ManagerSigns[] = [
  signs(
    'OneTrust',
    ['OneTrust', 'OptanonWrapper', 'Optanon'],
    /(^|\.)(cookielaw\.org|onetrust\.com|cookiepro\.com)$/,
    /^(OptanonConsent|OptanonAlertBoxClosed)$/,
    '#onetrust-consent-sdk',
  ),
  signs(
    'Cookiebot',
    ['Cookiebot', 'CookieConsent_Cookiebot'],
    /(^|\.)cookiebot\.(com|eu)$/,
    null,
    '#CybotCookiebotDialog',
  ),
  signs(
    'Usercentrics',
    ['UC_UI', 'usercentrics', '__ucCmp'],
    /(^|\.)usercentrics\.(eu|com)$/,
    /^uc_(settings|user)/,
    '#usercentrics-root,#usercentrics-cmp-ui',
  ),
  signs(
    'Didomi',
    ['Didomi', 'didomiConfig'],
    /(^|\.)(privacy-center\.org|didomi\.io)$/,
    /^didomi_token$/,
    '#didomi-host',
  ),
  signs(
    'Sourcepoint',
    ['_sp_', '_sp_queue'],
    /(^|\.)(sp-prod\.net|privacy-mgmt\.com|sourcepoint\.com)$/,
    /^(consentUUID|_sp_su)$/,
    '[id^="sp_message_container"]',
  ),
  signs(
    'TrustArc',
    ['truste', 'TrustArc'],
    /(^|\.)(trustarc\.com|truste\.com)$/,
    /^(notice_behavior|notice_gdpr_prefs|notice_preferences|cmapi_cookie_privacy)$/,
    '#truste-consent-track',
  ),
  signs(
    'InMobi Choice',
    ['__qc'],
    /(^|\.)(cmp\.quantcast\.com|quantcast\.mgr\.consensu\.org|inmobi-choice\.io|cmp\.inmobi\.com)$/,
    null,
    '#qc-cmp2-container,.qc-cmp2-container',
  ),
  signs('iubenda', ['_iub'], /(^|\.)iubenda\.com$/, /^_iub_cs-/, '#iubenda-cs-banner'),
  signs(
    'CookieYes',
    ['CookieYes', 'getCkyConsent', 'cookieyes'],
    /(^|\.)(cookieyes\.com|cdn-cookieyes\.com)$/,
    /^cookieyes-consent$/,
    '.cky-consent-container',
  ),
  signs('Complianz', ['complianz', 'cmplz_banner'], null, /^cmplz_/, '#cmplz-cookiebanner-container'),
  signs(
    'Borlabs Cookie',
    ['BorlabsCookie', 'borlabsCookieConfig'],
    null,
    /^borlabs-cookie$/,
    '#BorlabsCookieBox',
  ),
  signs('Osano', ['Osano'], /(^|\.)osano\.com$/, /^osano_consentmanager/, '.osano-cm-window'),
  signs('Klaro', ['klaro', 'klaroConfig'], /(^|\.)(kiprotect\.com|klaro\.org)$/, /^klaro$/, '.klaro'),
  signs('vanilla-cookieconsent', ['CookieConsent', 'initCookieConsent'], null, /^cc_cookie$/, '#cc-main'),
  signs(
    'Cookie Consent (Insites)',
    ['cookieconsent'],
    null,
    /^cookieconsent_status$/,
    '.cc-window,.cc-revoke',
  ),
  signs(
    'tarteaucitron.js',
    ['tarteaucitron'],
    /(^|\.)tarteaucitron\.io$/,
    /^(hasConsent|tarteaucitron)$/,
    '#tarteaucitronRoot',
  ),
  signs(
    'Axeptio',
    ['_axcb', 'axeptioSettings', '__axeptioSDK'],
    /(^|\.)axept\.io$/,
    /^axeptio_/,
    '#axeptio_overlay',
  ),
  signs(
    'consentmanager',
    ['__cmp', 'cmp_id', 'cmpmngr'],
    /(^|\.)(consentmanager\.(net|mgr\.consensu\.org)|delivery\.consentmanager\.net)$/,
    /^__cmp(cc|consent|cpc|iab)/,
    '#cmpbox',
  ),
  signs('CookieFirst', ['CookieFirst'], /(^|\.)cookiefirst\.com$/, /^cookiefirst-/, '.cookiefirst-root'),
  signs('Termly', ['Termly', 'TERMLY'], /(^|\.)termly\.io$/, /^TERMLY_/, '#termly-code-snippet-support'),
  signs(
    'CookieScript',
    ['CookieScript'],
    /(^|\.)cookie-script\.com$/,
    /^CookieScriptConsent$/,
    '#cookiescript_injected',
  ),
  signs(
    'Ketch',
    ['ketch', 'semaphore'],
    /(^|\.)(ketchcdn\.com|ketchjs\.com)$/,
    /^_ketch_consent/,
    '#lanyard_root',
  ),
  signs(
    'Transcend',
    ['airgap', 'transcend'],
    /(^|\.)(transcend-cdn\.com|transcend\.io)$/,
    /^tcm$/,
    '#transcend-consent-manager',
  ),
  signs(
    'Google Funding Choices',
    ['googlefc'],
    /(^|\.)fundingchoicesmessages\.google\.com$/,
    /^FCCDCF$/,
    '.fc-consent-root',
  ),
  signs(
    'Commanders Act',
    ['tC', 'caReady'],
    /(^|\.)(trustcommander\.net|commander1\.com)$/,
    /^TC_PRIVACY/,
    '#tc-privacy-wrapper',
  ),
  signs('Sirdata', ['Sddan'], /(^|\.)(consentframework\.com|sddan\.com)$/, null, '#sd-cmp'),
  signs('CookieHub', ['cookiehub'], /(^|\.)(cookiehub\.(com|eu|net))$/, /^cookiehub$/, '.ch2-container'),
  signs('Civic Cookie Control', ['CookieControl'], /(^|\.)civiccomputing\.com$/, /^CookieControl$/, '#ccc'),
  signs(
    'Cookie Information',
    ['CookieInformation'],
    /(^|\.)cookieinformation\.com$/,
    /^CookieInformationConsent$/,
    '#coiOverlay,#cookie-information-template-wrapper',
  ),
  signs(
    'Piwik PRO',
    ['ppms'],
    /(^|\.)(containers\.piwik\.pro|piwik\.pro)$/,
    /^ppms_privacy_/,
    '#ppms_cm_popup_overlay',
  ),
  signs('Fides', ['Fides'], /(^|\.)ethyca\.com$/, /^fides_consent$/, '#fides-overlay'),
  signs('CCM19', ['CCM'], /(^|\.)ccm19\.de$/, /^ccm_consent$/, '.ccm-root'),
  signs(
    'Real Cookie Banner',
    ['realCookieBanner', 'rcbConsentManager'],
    null,
    /^real_cookie_banner/,
    '[id^="rcb-"],.rcb-banner',
  ),
  signs('Shopify', ['Shopify.customerPrivacy'], null, /^_tracking_consent$/, '#shopify-pc__banner'),
  signs('Securiti', ['securitiConsent'], /(^|\.)securiti\.ai$/, /^__privaci_/, '#securiti-consent-banner'),
  signs('LiveRamp', ['wehaveconsent'], /(^|\.)(privacymanager\.io|faktor\.io)$/, null, '.faktor-cmp'),
  signs(
    'Cookie Notice',
    ['cnArgs', 'hu'],
    /(^|\.)hu-manity\.co$/,
    /^cookie_notice_accepted$/,
    '#cookie-notice',
  ),
];
