/**
 * What tells whether an address of a site is worth a visit, and whether two addresses are one page. Nothing here
 * asks the network.
 */

const ADDRESS_LENGTH_MAX = 2_048;

/** Files that a browser downloads, or shows without running anything of the site. */
const FILE_EXTENSIONS =
  /\.(?:7z|apk|avi|avif|bmp|bz2|css|csv|deb|dmg|docx?|eot|epub|exe|flac|gif|gz|ico|ics|iso|jar|jpe?g|js|json|m4a|map|mjs|mkv|mov|mp3|mp4|mpe?g|msi|odp|ods|odt|ogg|ogv|otf|pdf|pkg|png|pptx?|rar|rpm|rss|rtf|svg|tar|tgz|tiff?|ttf|txt|vcf|wav|wasm|webm|webmanifest|webp|woff2?|xlsx?|xml|xz|zip)$/i;

/** Ends a visitor's session, after which the site is another one. */
const SIGN_OUT_ADDRESS =
  /(?:^|[/?&=_.-])(?:(?:log|sign)[-_]?(?:out|off)|abmelden|ausloggen|logoff|deconnexion|cerrar-?sesion|wyloguj|uitloggen|disconnetti)(?:$|[/?&=_.])/i;
const SIGN_OUT_TEXT =
  /^\W*(?:(?:log|sign)[\s-]?(?:out|off)|abmelden|ausloggen|(?:se )?d[ée]connecter|d[ée]connexion|cerrar sesi[óo]n|salir|wyloguj(?: si[ęe])?|uitloggen|afmelden|esci|disconnetti|logga ut|log(?:g| )ud?t?|terminar sess[ãa]o)\W*$/i;

/** Parameters that say where a visitor came from, and ids of a session; they do not make another page. */
const TRACKING_PARAMETER =
  /^(?:utm_.*|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|ttclid|igshid|li_fat_id|mc_[ce]id|mkt_tok|_ga|_gl|_hsenc|_hsmi|vero_id|srsltid|epik|s_kwcid|phpsessid|jsessionid)$/i;

/** A link as a page has it. */
export interface PageLink {
  readonly href: string;
  /** What a visitor reads on it; empty where there is nothing. */
  readonly text: string;
  /** Whether the page says that it leads to a file. */
  readonly isDownload: boolean;
}

/**
 * Address of the page that a link leads to; null when it leads to no page: another scheme, a file, the end of the
 * visitor's session.
 */
export function pageAddressOf({ href, text, isDownload }: PageLink): string | null {
  if (isDownload || SIGN_OUT_TEXT.test(text.trim())) return null;
  if (href.length > ADDRESS_LENGTH_MAX || !URL.canParse(href)) return null;
  const url = new URL(href);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username !== '' || url.password !== '') return null;
  if (FILE_EXTENSIONS.test(url.pathname)) return null;
  if (SIGN_OUT_ADDRESS.test(url.pathname + url.search)) return null;
  if (!isRoute(url.hash)) url.hash = '';
  return url.href;
}

/** Equal for addresses of one page, as far as addresses tell; not itself an address. */
export function pageKeyOf(address: string): string {
  const url = new URL(address);
  const path = url.pathname
    .replace(/;jsessionid=[^/]*/i, '')
    .replace(/\/index\.(?:html?|php|aspx?)$/i, '/')
    .replace(/\/+$/, '');
  const parameters = [...url.searchParams].filter(([name]) => !TRACKING_PARAMETER.test(name));
  const query = parameters.map(([name, value]) => `${name}=${value}`).sort();
  return [url.host, path, query.join('&'), isRoute(url.hash) ? url.hash : ''].join(' ');
}

/** A fragment that a script takes for the address of a page, rather than a place in one. */
function isRoute(hash: string): boolean {
  return hash.startsWith('#/') || hash.startsWith('#!');
}
