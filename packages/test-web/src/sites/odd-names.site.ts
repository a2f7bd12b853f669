import { inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://odd-names.test/';

/** Pairs of name and value that break naive parsers, tables and spreadsheets. */
const BY_HTTP: readonly (readonly [string, string])[] = [
  ['commas', 'a,b,,c'],
  ['quotes', '"quoted, and more"'],
  ['equals', 'key=value==&x=1'],
  ['formula', '=HYPERLINK("http://evil.test","x")'],
  ['+plus', "+1+cmd|' /C calc'!A0"],
  ['@at', '@SUM(1+1)'],
  ['-minus', '-2+3'],
  ['json', '{"a":[1,2],"b":"c"}'],
  ['naïve_ключ', 'grüße-日本'],
  ['<b>bold</b>', '<script>alert(1)</script>'],
  ['name with spaces', 'value with  spaces'],
  ['empty_value', ''],
  ['percent', '%3Bpath%3D%2F%00'],
  ['braces{{7*7}}', '${7*7}'],
];

/** Names and values as no specification recommends them, but as browsers store them. */
export const oddNames: Site = {
  name: 'odd-names',
  url: PAGE,
  summary: 'Cookies with commas, quotes, equals signs, formulas, markup and non-ASCII text in name or value',
  routes: {
    'odd-names.test/': inlineScript(
      `document.cookie = 'js_ünïcode=смайл; Path=/'; document.cookie = 'nameless-value; Path=/';`,
      { setCookie: BY_HTTP.map(([name, value]) => `${name}=${value}; Path=/`) },
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      ...BY_HTTP.map(([name, value]) =>
        cookie({ name, value, domain: 'odd-names.test', setBy: byHttp(PAGE) }),
      ),
      cookie({ name: 'js_ünïcode', value: 'смайл', domain: 'odd-names.test', setBy: byScript(PAGE) }),
      cookie({ name: '', value: 'nameless-value', domain: 'odd-names.test', setBy: byScript(PAGE) }),
    ],
  }),
};
