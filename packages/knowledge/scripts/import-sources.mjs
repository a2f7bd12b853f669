// Draws facts (names, domains, vendors, categories, lifetimes; no sentences) from the Open Cookie Database and from
// third-party-web into src/data. Run it when a new edition of either is out, and read the difference before you commit.
//
//   node scripts/import-sources.mjs <open-cookie-database.json> <third-party-web/dist/entities-nostats.json>
import { readFileSync, writeFileSync } from 'node:fs';

const [cookieFile, entityFile] = process.argv.slice(2);
if (!cookieFile || !entityFile) {
  console.error('Give the JSON of the Open Cookie Database and the entities of third-party-web.');
  process.exit(64);
}

const CATEGORIES = {
  Necessary: 'necessary',
  Security: 'necessary',
  Functional: 'functional',
  Personalization: 'functional',
  Analytics: 'analytics',
  Marketing: 'marketing',
};

const UNIT_DAYS = {
  second: 1 / 86_400,
  sec: 1 / 86_400,
  minute: 1 / 1_440,
  min: 1 / 1_440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  year: 365,
};

/** Host names in a field that people wrote by hand, such as `.bing.com (3rd party) or .microsoft.com (3rd party)`. */
function domainsOf(text) {
  const words = text.toLowerCase().split(/[\s,;()/]+/);
  const hosts = words.map((word) => word.replace(/^(?:\*?\.|www\.)+|\.$/g, ''));
  return [...new Set(hosts.filter((host) => /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/.test(host)))];
}

/** Days; 0 for the length of a browser session, null where the field says neither. */
function lifetimeDaysOf(text) {
  const lower = text.trim().toLowerCase();
  if (/session/.test(lower)) return 0;
  const parts =
    /^(?:about |approx\.? |max\.? )?(\d+(?:\.\d+)?)\s*(second|sec|minute|min|hour|day|week|month|year)s?\b/.exec(
      lower,
    );
  return parts ? Number((Number(parts[1]) * UNIT_DAYS[parts[2]]).toFixed(5)) : null;
}

const cookies = Object.entries(JSON.parse(readFileSync(cookieFile, 'utf8'))).flatMap(([platform, rows]) =>
  rows
    .filter(({ cookie, category }) => cookie.trim() !== '' && category in CATEGORIES)
    .map((row) => ({
      id: `ocd:${row.id}`,
      name: row.cookie.trim(),
      match: row.wildcardMatch === '1' ? 'prefix' : 'exact',
      domains: domainsOf(row.domain),
      vendor: platform,
      company: row.dataController.trim() || platform,
      category: CATEGORIES[row.category],
      lifetimeDays: lifetimeDaysOf(row.retentionPeriod),
    })),
);

const vendors = JSON.parse(readFileSync(entityFile, 'utf8')).map(({ name, company, category, domains }) => ({
  name,
  company: company ?? name,
  kind: category ?? 'other',
  domains: [...new Set(domains.map((domain) => domain.replace(/^\*\./, '')))].sort(),
}));

/** One entry a line, so that a difference between two editions can be read. */
function writeEntries(name, entries) {
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`);
  writeFileSync(new URL(`../src/data/${name}`, import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
  console.log(`${name}: ${entries.length} entries`);
}

const byId = [...new Map(cookies.map((entry) => [entry.id, entry])).values()];
writeEntries(
  'open-cookie-database.json',
  byId.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1)),
);
writeEntries(
  'third-party-web.json',
  vendors.sort((a, b) => (a.name < b.name ? -1 : 1)),
);
