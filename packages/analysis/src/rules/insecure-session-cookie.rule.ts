import { isIdentifier } from '../identity/cookie-identity.ts';
import { listed } from '../duration-text.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { cookieName, isTracking, type JudgedCookie } from '../verdicts/judged-cookie.ts';
import type { JudgedSite } from '../verdicts/judged-site.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule } from '../verdicts/rule.ts';

/** Names of cookies that let whoever has them act as the visitor. */
const SESSION_NAMES =
  /^(__(host|secure)-)?((php|j|aspsession|asp\.net_|connect\.|laravel_|ci_|symfony_?)?sess(ion)?(_?(id|key|token))?|sid|s?sessid|connect\.sid|auth(_?(token|session))?|jwt|access_?token|remember_?(me|token)|wordpress_(sec|logged_in)_.*|login(_?token)?)$/i;

/** Cookies that name the visitor's session to the site, and can be read or stolen on the way. */
export const insecureSessionCookieRule: Rule = {
  id: 'insecure-session-cookie',
  name: 'Session cookies that can be stolen',
  inOrder: 'Session cookies are kept from other people and from scripts.',
  severity: 'medium',
  pointsMax: 10,
  why: 'Whoever reads a session cookie can act as the visitor. Three flags keep it from being read on the way, by scripts, and from being used by other sites.',
  legalSources: [LEGAL.gdprSecurity],
  judge: (site) =>
    site.cookies.filter(isSessionCookie).flatMap((judged) => {
      const missing = missingFlags(judged, site);
      if (missing.length === 0) return [];
      return [
        {
          subject: judged.identity,
          title: `Session cookie ${cookieName(judged)} lacks ${listed(missing.map(({ flag }) => flag))}`,
          severity: missing.some(({ flag }) => flag !== 'SameSite') ? ('medium' as const) : ('low' as const),
          confidence: 'medium' as const,
          advice: `Set it with ${missing.map(({ flag }) => (flag === 'SameSite' ? 'SameSite=Lax' : flag)).join('; ')}.`,
          evidence: cookieEvidence(judged, { facts: missing.map(({ meaning }) => meaning) }),
        },
      ];
    }),
};

function isSessionCookie(judged: JudgedCookie): boolean {
  const { cookie, classification } = judged;
  if (cookie.party !== 'first' || isTracking(judged) || isIdentifier(cookie) === false) return false;
  return classification.purpose === 'session' || SESSION_NAMES.test(cookie.name);
}

function missingFlags(
  { cookie }: JudgedCookie,
  { observation }: JudgedSite,
): { flag: string; meaning: string }[] {
  const isEncrypted = observation.finalUrl?.startsWith('https:') ?? false;
  return [
    ...(!cookie.secure && isEncrypted
      ? [
          {
            flag: 'Secure',
            meaning: 'Without Secure it is also sent over connections that anybody on the way can read',
          },
        ]
      : []),
    ...(!cookie.httpOnly
      ? [{ flag: 'HttpOnly', meaning: 'Without HttpOnly every script of the page can read it' }]
      : []),
    ...(cookie.sameSite === 'unset'
      ? [
          {
            flag: 'SameSite',
            meaning: 'Without SameSite it depends on the browser whether other sites can make use of it',
          },
        ]
      : []),
  ];
}
