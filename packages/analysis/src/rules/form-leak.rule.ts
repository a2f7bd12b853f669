import type { FormLeak } from '@cookie-scanner/contracts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { JudgedSite } from '../verdicts/judged-site.ts';
import { notChecked, type Rule, type RuleFinding } from '../verdicts/rule.ts';
import { shortUrl, siteOf } from '../web-address.ts';

/** What a visitor types leaves the page before anybody sends it. */
export const formLeakRule: Rule = {
  id: 'form-leak',
  name: 'Typed text that leaves before it is sent',
  inOrder: 'What was typed into forms stayed there.',
  severity: 'critical',
  pointsMax: 30,
  why: 'A visitor who fills in a form and changes their mind has sent nothing. Here the text was sent all the same.',
  legalSources: [LEGAL.gdprLawfulness, LEGAL.gdprTransparency, LEGAL.gdprSecurity, LEGAL.ePrivacy],
  judge: (site) => {
    // Without a leak nobody can tell whether anything was typed at all.
    if (site.observation.formLeaks.length === 0) return notChecked('No typed text was seen leaving a form.');
    const leaks = Map.groupBy(site.observation.formLeaks, ({ field, host }) => `${field} → ${siteOf(host)}`);
    return [...leaks].flatMap(([subject, ofPair]) =>
      ofPair.slice(0, 1).map((leak) => found(subject, leak, site)),
    );
  },
};

function found(subject: string, leak: FormLeak, site: JudgedSite): RuleFinding {
  const receiver = siteOf(leak.host);
  const isOwn = receiver === site.site;
  const isKept =
    leak.channel === 'local_storage' || leak.channel === 'session_storage' || leak.channel === 'cookie';
  return {
    subject,
    title: isKept
      ? `${FIELDS[leak.field]} that was typed is kept in the browser (${CHANNELS[leak.channel]}) before it is sent`
      : `${FIELDS[leak.field]} that was typed goes to ${receiver} before it is sent`,
    severity: severityOf(leak, isOwn, isKept),
    advice: isOwn
      ? 'Send what was typed only when the visitor sends the form; say so where suggestions need it earlier.'
      : `Remove what records typing for ${receiver}, or exclude every form field in its settings.`,
    evidence: {
      url: leak.url,
      setterChain: [...leak.initiators.toReversed().map(shortUrl), shortUrl(leak.url)],
      atMs: leak.atMs,
      facts: [
        `By ${CHANNELS[leak.channel]}, ${leak.encoding === 'plain' ? 'as it was typed' : `written as ${leak.encoding}`}`,
        `Typed on ${leak.pageUrl}`,
      ],
    },
  };
}

/** A password is grave wherever it goes; the site's own suggestions for a text are not. */
function severityOf({ field }: FormLeak, isOwn: boolean, isKept: boolean): RuleFinding['severity'] & string {
  if (field === 'password') return isKept || isOwn ? 'high' : 'critical';
  if (isKept) return 'low';
  if (isOwn) return field === 'email' ? 'medium' : 'info';
  return field === 'email' ? 'critical' : 'high';
}

const FIELDS: Readonly<Record<FormLeak['field'], string>> = {
  email: 'An e-mail address',
  password: 'A password',
  text: 'Text',
};

const CHANNELS: Readonly<Record<FormLeak['channel'], string>> = {
  get_query: 'the query of an address',
  post_body: 'a request',
  beacon: 'a beacon',
  fetch_keepalive: 'a request that outlives the page',
  websocket: 'a WebSocket',
  image: 'the address of an image',
  path: 'the path of an address',
  referer: 'the referring address',
  header: 'a header',
  cookie: 'a cookie',
  local_storage: 'local storage',
  session_storage: 'session storage',
};
