/** Names that are longer are texts, and are left as they are. */
const NAME_LENGTH_MAX = 300;

/** A prefix after which vendors put something of the visit or of the site, and what that looks like. */
interface RotatingName {
  readonly pattern: RegExp;
  /** With `*` for what rotates. */
  readonly stable: string;
}

/**
 * Names whose changing part cannot be told by its look alone, as their vendors document or show them. The first that fits
 * is taken.
 */
const ROTATING_NAMES: readonly RotatingName[] = [
  // Google: measurement ids, property ids, campaign ids.
  { pattern: /^_ga_[A-Z0-9]{5,}$/, stable: '_ga_*' },
  { pattern: /^_gat_(?:gtag_)?(?:UA|G)[-_].+$/, stable: '_gat_*' },
  { pattern: /^_dc_gtm_.+$/, stable: '_dc_gtm_*' },
  { pattern: /^_gac_.+$/, stable: '_gac_*' },
  // Hotjar: site ids.
  {
    pattern: /^(_hjSession|_hjSessionUser|_hjIncludedInSessionSample|_hjRecordingEnabled)_\d+$/,
    stable: '$1_*',
  },
  // Amplitude: the first letters of the project's key.
  { pattern: /^(amp)_[0-9a-f]{6}(?:[-_][\w.]+)?$/, stable: '$1_*' },
  { pattern: /^(AMP|AMP_MKTG)_[0-9a-f]{10}$/, stable: '$1_*' },
  { pattern: /^(amplitude_id)_.+$/, stable: '$1_*' },
  // Mixpanel and PostHog: the project's token in the middle.
  { pattern: /^mp_.+_mixpanel$/, stable: 'mp_*_mixpanel' },
  { pattern: /^ph_.+_posthog$/, stable: 'ph_*_posthog' },
  // Snowplow and Matomo: site id, hash of the domain.
  { pattern: /^(_sp_id|_sp_ses)\..+$/, stable: '$1.*' },
  { pattern: /^(_pk_id|_pk_ses|_pk_ref|_pk_cvar|_pk_hsr|_pk_testcookie)\..+$/, stable: '$1.*' },
  // Adobe: organisation ids.
  { pattern: /^(AMCVS?)_.+$/, stable: '$1_*' },
  { pattern: /^kndctr_.+_(identity|cluster|consent)$/, stable: 'kndctr_*_$1' },
  // Heap, FullStory, Dynatrace, Optimizely: environment and organisation ids.
  { pattern: /^(_hp\d_(?:id|props|ses_props|hld))\.?\d+.*$/, stable: '$1.*' },
  { pattern: /^(optimizelySession|optimizelyBuckets)_.+$/, stable: '$1_*' },
  // Experiments of VWO: experiment, goal or variation.
  { pattern: /^_vis_opt_exp_\d+_(combi|combi_choose|exclude|split|goal_\d+)$/, stable: '_vis_opt_exp_*' },
  // Chat: application ids.
  { pattern: /^(intercom-(?:id|session|device-id))-.+$/, stable: '$1-*' },
  { pattern: /^(crisp-client\/(?:session|socket))\/.+$/, stable: '$1/*' },
  { pattern: /^(tawk_uuid)_.+$/, stable: '$1_*' },
  { pattern: /^(twk)_(?:idm_key_)?[0-9a-z]{6,}$/, stable: '$1_*' },
  // WordPress, WooCommerce: hash of the site, number of the user.
  {
    pattern:
      /^(wordpress(?:_logged_in|_sec)?|wp_woocommerce_session|wp-postpass|comment_author(?:_email|_url)?)_[0-9a-f]{32}$/,
    stable: '$1_*',
  },
  { pattern: /^(wp-settings(?:-time)?)-\d+$/, stable: '$1-*' },
  // Imperva, F5, classic ASP: site, pool and session ids.
  { pattern: /^(visid_incap|incap_ses|nlbi|incap_wrt)_.+$/, stable: '$1_*' },
  { pattern: /^BIGipServer.+$/, stable: 'BIGipServer*' },
  { pattern: /^ASPSESSIONID[A-Z]+$/, stable: 'ASPSESSIONID*' },
  { pattern: /^TS(?:01)?[0-9a-f]{6,}(?:_\d+)?$/, stable: 'TS*' },
  // Marketing automation and shops: account ids.
  { pattern: /^(visitor_id)\d+(-hash)?$/, stable: '$1*$2' },
  { pattern: /^(lpv)\d+$/, stable: '$1*' },
  { pattern: /^(ttcsid)_.+$/, stable: '$1_*' },
  { pattern: /^(awin|_aw_m|_aw_sn|_aw_j)_\d+$/, stable: '$1_*' },
  { pattern: /^(om(?:-success)?|omSeen|omSuccess)-[0-9a-z]{8,}$/, stable: '$1-*' },
  { pattern: /^(SSESS|SESS)[0-9a-f]{32}$/, stable: '$1*' },
  { pattern: /^(PrestaShop)-[0-9a-f]{32,}$/, stable: '$1-*' },
  { pattern: /^(JSESSIONID)[._-].+$/, stable: '$1.*' },
];

/** What separates the parts of a name. */
const SEPARATORS = /([_\-.:~!|/%@$]+)/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

const HEX_LENGTH_MIN = 6;
const DIGITS_LENGTH_MIN = 5;
const TOKEN_LENGTH_MIN = 10;
const TOKEN_DIGITS_MIN = 2;

/**
 * The name of a cookie with `*` for what changes from visit to visit or from site to site: identifiers, hashes,
 * numbers of accounts. `_ga_AB12CD34EF` and `_ga_XY98ZW76VU` are both `_ga_*`.
 */
export function stableName(name: string): string {
  if (name.length > NAME_LENGTH_MAX) return name;
  const known = ROTATING_NAMES.find(({ pattern }) => pattern.test(name));
  if (known) return name.replace(known.pattern, known.stable);
  const parts = name.replaceAll(UUID, '*').split(SEPARATORS);
  // A name that is nothing but an identifier has nothing stable; folding all such names together would hide some.
  const folded = parts.map((part) => (isRotating(part) ? '*' : part)).join('');
  return folded.replaceAll(/\*(?:[_\-.:~!|/%@$]*\*)+/g, '*');
}

function isRotating(part: string): boolean {
  if (/^\d+$/.test(part)) return part.length >= DIGITS_LENGTH_MIN;
  if (/^[0-9a-f]+$/.test(part) || /^[0-9A-F]+$/.test(part)) {
    return part.length >= HEX_LENGTH_MIN && /\d/.test(part);
  }
  return isToken(part);
}

/** Letters and digits in a mix that no word has: `GTM5XK2QPL`, `aB3dE6gH9kL`. */
function isToken(part: string): boolean {
  if (part.length < TOKEN_LENGTH_MIN || !/^[0-9A-Za-z]+$/.test(part)) return false;
  const digits = part.replaceAll(/\D/g, '').length;
  const runs = part.match(/\d+|\D+/g)?.length ?? 0;
  return digits >= TOKEN_DIGITS_MIN && runs >= 4;
}
