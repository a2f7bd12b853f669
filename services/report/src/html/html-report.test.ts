import { describe, expect, it } from '@jest/globals';
import { findingKey } from '@cookie-scanner/analysis';
import { savedObservation } from '@cookie-scanner/analysis/testing';
import type { CookieObservation } from '@cookie-scanner/contracts';
import { globSync, readFileSync } from 'node:fs';
import { reportInput, SHA256 } from '../report-input.test.fixture.ts';
import { compileHtmlReport } from './html-report.ts';

const render = compileHtmlReport();
const folder = new URL('./', import.meta.url);

const GOOGLE_ANALYTICS = {
  name: '_ga',
  setBy: {
    kind: 'javascript',
    url: 'https://www.google-analytics.com/analytics.js',
    initiators: ['https://www.googletagmanager.com/gtm.js', 'https://www.lumen-garden.example/'],
    confidence: 'observed',
  },
} satisfies Partial<CookieObservation>;

function firstCookie(): CookieObservation {
  const [cookie] = savedObservation('shop').cookies;
  if (!cookie) throw new Error('the saved observation has no cookies');
  return cookie;
}

/** What a reader sees: tags gone, entities resolved, white space joined. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf('<body>'));
  return unescaped(body.replaceAll(/<[^>]*>/g, '')).replaceAll(/\s+/g, ' ');
}

function unescaped(html: string): string {
  const entities: Partial<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    amp: '&',
    '#x27': "'",
    '#x60': '`',
    '#x3D': '=',
  };
  return html.replaceAll(/&([#\w]+);/g, (all, name: string) => entities[name] ?? all);
}

describe('the HTML report', () => {
  it('shows what people decided about a finding, behind what is open', () => {
    const input = reportInput('shop');
    const [first] = input.analysis.judgement.findings;
    if (!first) throw new Error('nothing was found');
    const decisions = new Map([
      [findingKey(first), { state: 'accepted', reason: 'Until <b>the relaunch</b>' } as const],
    ]);
    const html = render({ ...input, decisions });
    expect(html).toContain('<strong>Accepted</strong>: <bdi class="raw">Until &lt;b&gt;the relaunch');
    const text = textOf(html);
    const ofRule = input.analysis.judgement.findings.filter(({ ruleId }) => ruleId === first.ruleId);
    // The last place where each is: before the list, the gravest is named once more.
    expect(text.lastIndexOf(ofRule.at(-1)?.title ?? '')).toBeLessThan(text.lastIndexOf(first.title));
  });

  it('tells what was found, who set it, and how it was made', () => {
    const text = textOf(render(reportInput('shop')));
    for (const part of [
      '12 cookies were found on www.lumen-garden.example: 8 first-party and 4 third-party.',
      'Visited on 22 November 2026 at 09:14 UTC, for 4 seconds',
      'visitcount.example 2 cookies in the name of the visited site',
      '400 days (asked for 2 years)',
      'px.adreach.example/i → sync.bidmesh.example/match',
      'Set and gone again 1',
      'set from another site without allowing that (SameSite not given)',
      'http://lumen-garden.example/ redirects to https://lumen-garden.example/ redirects to https://www.lumen-garden.example/',
      SHA256,
    ]) {
      expect(text).toContain(part);
    }
  });

  it('says what the scan could not see', () => {
    const text = textOf(render(reportInput('deadline')));
    for (const part of [
      'The browser blocked third-party cookies.',
      'The scan was ended by its deadline after 1 minute.',
      'The page tried to reach private or reserved addresses. These connections were refused. 10.0.0.12:8080, 3 times',
      'or more: see what is missing',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each(['unreachable', 'botWall'] as const)(
    'shows no number of cookies for a site that was not seen (%s)',
    (name) => {
      const input = reportInput(name, { cookies: [] });
      const text = textOf(render(input));
      expect(text).toContain('The site was not seen, so this list says nothing about its cookies.');
      expect(text).not.toMatch(/\b0 Cookies|No cookies were/);
    },
  );

  it('begins with what is wrong, who does it and what to do, and says where every point went', () => {
    const cookies = [{ ...firstCookie(), ...GOOGLE_ANALYTICS }];
    const text = textOf(render(reportInput('shop', { cookies })));
    for (const part of [
      'One finding on www.lumen-garden.example. Analytics cookie _ga is set before consent.',
      'What to do: It is set by the script www.google-analytics.com/analytics.js, a tag of the tag manager www.googletagmanager.com/gtm.js: do not load that before the visitor has agreed.',
      'ePrivacy Directive 2002/58/EC, Art. 5(3)',
      'Cookies before consent: 1 finding worth 10 points. −10 Score 90',
      'Only a consent audit looks at this.',
    ]) {
      expect(text).toContain(part);
    }
    expect(text.indexOf('Findings')).toBeLessThan(text.indexOf('Name Domain Set by'));
  });

  it('lists cookies by what they are for, those that matter most first', () => {
    const cookies = ['PHPSESSID', 'zq7', '_ga', '_fbp'].map((name) => ({ ...firstCookie(), name }));
    const text = textOf(render(reportInput('shop', { cookies })));
    const headings = [
      'recognise visitors',
      'count visits',
      'Somebody should find out',
      'does not work without',
    ].map((words) => text.indexOf(words));
    expect(headings).toEqual(headings.toSorted((a, b) => a - b));
    expect(headings[0]).toBeGreaterThan(0);
  });

  it('shows pictures as data of its own, and nothing that is no picture', () => {
    const picture = { name: 'start.png', pageUrl: 'https://a.example/<b>', widthPx: 1, heightPx: 1 };
    const input = { ...reportInput('shop'), pictures: [{ ...picture, bytes: Buffer.from('png') }] };
    const html = render(input);
    const sources = [...html.matchAll(/\ssrc="([^"]*)"/g)].map(([, source = '']) => unescaped(source));
    expect(sources).toEqual([`data:image/png;base64,${Buffer.from('png').toString('base64')}`]);
    expect(textOf(html)).toContain('As the visitor saw it https://a.example/<b>');
  });

  it('tells third parties that were passed on the way from those that the page brought in', () => {
    const passed = { ...firstCookie(), party: 'third', isRedirectParty: true } as const;
    const text = (cookie: CookieObservation): string =>
      textOf(render(reportInput('shop', { cookies: [cookie] })));
    expect(text(passed)).toContain('third-party passed on the way here');
    expect(text({ ...passed, isRedirectParty: false })).not.toContain('passed on the way here');
  });

  it('gives the same bytes for the same scan, so that building it twice is harmless', () => {
    expect(render(reportInput('hostile'))).toBe(render(reportInput('hostile')));
  });

  it('stays readable for a site with more cookies than anybody reads', () => {
    const cookies = Array.from({ length: 1_200 }, (_, index) => ({ ...firstCookie(), name: `c${index}` }));
    const html = render(reportInput('shop', { cookies }));
    expect(html.match(/class="more"/g)?.length).toBeLessThan(1_100);
    expect(textOf(html)).toContain('200 more are in the JSON report.');
  });
});

describe('the HTML report of a hostile site', () => {
  const html = render(reportInput('hostile'));

  it('contains no element that the template does not have', () => {
    const own = new Set(tagsOf(globSync('*.html', { cwd: folder.pathname }).map(readAsset).join('')));
    own.add('bdi').add('i');
    expect(tagsOf(html).filter((tag) => !own.has(tag))).toEqual([]);
    expect(own.has('script')).toBe(false);
  });

  it('contains no attribute that the template does not have', () => {
    const tags = [...html.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
    const attributes = tags.flatMap((tag) => [...tag.matchAll(/\s([^\s=>/]+)/g)].map(([, name]) => name));
    expect([...new Set(attributes)].toSorted()).toEqual([
      ...['aria-hidden', 'charset', 'class', 'colspan', 'content', 'data-label', 'href', 'http-equiv', 'id'],
      ...['lang', 'name', 'rel', 'style'],
    ]);
  });

  it('shows markup and template code literally', () => {
    const text = textOf(html);
    for (const part of [
      '<script>alert(6)</script>',
      '{{7*7}}',
      '{{#each this}}{{@key}}{{/each}}{{{raw}}}',
      "' onmouseover='alert(8)' x=\"",
      '=HYPERLINK("https://sink.example","x")',
      '`${7*7}` &amp; &lt;',
      '</td></table><script>alert(12)</script>',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('names every character that cannot be seen or turns text around, and passes none of them on', () => {
    expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}]|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u);
    expect(html.isWellFormed()).toBe(true);
    expect(html).toContain('safe<i class="code">U+202E</i>gnp.exe');
    expect(html).toContain('nul<i class="code">U+0000</i>tab');
  });

  it('shows a value of 4,000 characters whole, and its name shortened in the table', () => {
    expect(html).toContain('v'.repeat(4_000));
    expect(html).toContain(`${'n'.repeat(92)}</bdi><i class="cut">… 4,004 characters</i>`);
  });

  it('asks for nothing from anywhere and runs nothing', () => {
    expect(html).not.toMatch(/<[a-z][^>]*\s(src|srcset|action|formaction|background|poster|ping)\s*=/i);
    expect(html.match(/\shref="[^"]*"/g)).toEqual([' href="data:,"', ' href="#limits"']);
    expect(html.slice(0, html.indexOf('</style>'))).not.toMatch(/@import|url\(/);
    expect(html.indexOf("default-src 'none'")).toBeLessThan(html.indexOf('<style>'));
  });
});

describe('the template', () => {
  it.each(globSync('*.html', { cwd: folder.pathname }))('escapes every value in %s', (file) => {
    expect(readAsset(file)).not.toMatch(/\{\{\{|\{\{~?&/);
  });
});

function readAsset(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

function tagsOf(html: string): string[] {
  const withoutStyles = html.replace(/<style>[\s\S]*?<\/style>/, '<style></style>');
  return [...withoutStyles.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, tag = '']) => tag.toLowerCase());
}
