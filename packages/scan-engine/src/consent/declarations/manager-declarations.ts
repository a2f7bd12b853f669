import type { CookieDeclaration } from '@cookie-scanner/contracts';

/** A kind of file in which a consent manager keeps what a site declares. */
interface DeclarationFile {
  readonly source: string;
  readonly url: RegExp;
  /** @throws when the file is of another form */
  readonly read: (text: string) => CookieDeclaration['cookies'];
}

type Declared = CookieDeclaration['cookies'][number];

/** From the traffic of these managers, whose forms are public. */
const FILES: readonly DeclarationFile[] = [
  {
    source: 'OneTrust',
    url: /\/consent\/[\w-]+\/[\w-]+\/[a-z]{2}(?:-[a-z]{2,4})?\.json(?:$|\?)/i,
    read: readOneTrust,
  },
  {
    source: 'Cookiebot',
    url: /^https?:\/\/(?:[\w-]+\.)*cookiebot\.(?:com|eu)\/[\w-]+\/cc\.js(?:$|\?)/i,
    read: readCookiebot,
  },
  {
    source: 'Termly',
    url: /^https?:\/\/(?:[\w-]+\.)*termly\.io\/api\/v1\/snippets\/websites\/[\w-]+/i,
    read: readTermly,
  },
];

/** Those of the requested addresses that may hold a declaration, with how to read it. */
export function declarationFiles(
  urls: readonly string[],
): { url: string; source: string; read: (text: string) => CookieDeclaration['cookies'] }[] {
  return [...new Set(urls)].flatMap((url) => {
    const file = FILES.find((each) => each.url.test(url));
    return file ? [{ url, source: file.source, read: file.read }] : [];
  });
}

/** Groups of cookies, their own and those of other hosts. */
function readOneTrust(text: string): CookieDeclaration['cookies'] {
  const { DomainData } = JSON.parse(text) as { DomainData?: { Groups?: unknown } };
  return records(DomainData?.Groups).flatMap((group) => {
    const category = words(group['GroupName']);
    const own = records(group['FirstPartyCookies']).map((cookie) => oneTrustCookie(cookie, category));
    const others = records(group['Hosts']).flatMap((host) =>
      records(host['Cookies']).map((cookie) => ({
        ...oneTrustCookie(cookie, category),
        vendor: words(host['DisplayName']) ?? words(host['HostName']),
      })),
    );
    return [...own, ...others];
  });
}

function oneTrustCookie(cookie: Record<string, unknown>, category: string | null): Declared {
  const days = words(cookie['Length']);
  const isSession = cookie['IsSession'] === true || days === '0';
  return {
    name: words(cookie['Name']) ?? '',
    domain: words(cookie['Host']),
    category,
    lifetimeText: isSession ? 'session' : days === null ? null : `${days} days`,
    vendor: null,
  };
}

/** Tables as they stand in its script: name, provider, purpose, lifetime, and more. */
function readCookiebot(text: string): CookieDeclaration['cookies'] {
  const tables = text.matchAll(/CookieConsentDialog\.cookieTable(\w+)\s*=\s*(\[[\s\S]*?\]);/g);
  return [...tables].flatMap(([, category = '', json = '[]']) => {
    const rows = JSON.parse(json) as unknown;
    return (Array.isArray(rows) ? rows : []).flatMap((row: unknown) => {
      if (!Array.isArray(row)) return [];
      const [name, provider, , lifetime] = row.map((cell: unknown) => words(cell));
      return [
        {
          name: name ?? '',
          domain: provider ?? null,
          category,
          lifetimeText: lifetime ?? null,
          vendor: null,
        },
      ];
    });
  });
}

function readTermly(text: string): CookieDeclaration['cookies'] {
  const found: Declared[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 6) return;
    if (Array.isArray(value)) {
      for (const each of value) visit(each, depth + 1);
      return;
    }
    const record = value as Record<string, unknown>;
    const name = words(record['name']);
    if (name !== null && ('expire' in record || 'expiry' in record) && 'category' in record) {
      found.push({
        name,
        domain: words(record['domain']),
        category: words(record['category']),
        lifetimeText: words(record['expire']) ?? words(record['expiry']),
        vendor: words(record['service']) ?? words(record['provider']),
      });
    }
    for (const each of Object.values(record)) visit(each, depth + 1);
  };
  visit(JSON.parse(text), 0);
  return found;
}

function records(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
}

/** Text without mark-up and of bounded length; null where there is none. */
function words(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? null : text.slice(0, 500);
}
