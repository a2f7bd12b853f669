/**
 * Why a browser refused a cookie, in words.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-SetCookieBlockedReason
 */
const BLOCK_REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    SecureOnly: 'asked for HTTPS but was sent over plain HTTP',
    SameSiteStrict: 'restricted to its own site, but set from another one',
    SameSiteLax: 'restricted to its own site, but set from another one',
    SameSiteUnspecifiedTreatedAsLax: 'set from another site without allowing that (SameSite not given)',
    SameSiteNoneInsecure: 'meant for use across sites, which needs the Secure flag',
    UserPreferences: 'the browser is set to refuse it',
    ThirdPartyPhaseout: 'the browser refuses third-party cookies',
    ThirdPartyBlockedInFirstPartySet: 'the browser refuses third-party cookies',
    SyntaxError: 'not written in a form that a browser understands',
    SchemeNotSupported: 'set from an address that cannot have cookies',
    OverwriteSecure: 'would have replaced a cookie that belongs to HTTPS',
    InvalidDomain: 'names a domain that its setter does not belong to',
    InvalidPrefix: 'breaks the promise of its __Host- or __Secure- name',
    UnknownError: 'refused for a reason that the browser does not give',
    SchemefulSameSiteStrict: 'restricted to its own site and scheme, but set from another one',
    SchemefulSameSiteLax: 'restricted to its own site and scheme, but set from another one',
    SchemefulSameSiteUnspecifiedTreatedAsLax: 'set from another site or scheme without allowing that',
    NameValuePairExceedsMaxSize: 'name and value together are larger than a browser keeps (4,096 bytes)',
    DisallowedCharacter: 'contains a character that cookies must not contain',
    NoCookieContent: 'has neither a name nor a value',
    // No word of the browser’s, which passes over these in silence.
    EarlyHints: 'sent ahead of the answer, where browsers take none',
  }),
);

/** One of the browser's reasons in plain words; a reason that is not known here is shown as the browser gave it. */
export function blockReasonText(reason: string): string {
  return BLOCK_REASONS.get(reason) ?? `refused as “${reason}”`;
}
