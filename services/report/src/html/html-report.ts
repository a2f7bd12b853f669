import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';
import type { ReportInput } from '../report-input.ts';
import { reportPage } from './report-page.ts';
import { templateHelpers } from './template-helpers.ts';

/** Renders one report as a self-contained HTML page without scripts, which asks for nothing from anywhere. */
export type HtmlReport = (input: ReportInput) => string;

const PARTIALS = ['chain', 'cookie-table', 'finding-row', 'findings', 'consent-states'];
/** Print comes last, because it overrides the others. */
const STYLES = ['report.css', 'verdicts.css', 'print.css'];

/**
 * Reads and compiles the template, once, at start.
 *
 * The template comes from this package only; values are escaped without exception, helpers are a closed list, and
 * neither methods nor prototypes of values can be reached.
 */
export function compileHtmlReport(): HtmlReport {
  const environment = Handlebars.create();
  const options: CompileOptions = {
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(templateHelpers).map((name) => [name, true])),
  };
  const compile = (file: string) => environment.compile<unknown>(readAsset(file), options);
  const template = compile('report.template.html');
  const runtime: Handlebars.RuntimeOptions = {
    helpers: { ...templateHelpers },
    partials: Object.fromEntries(PARTIALS.map((name) => [name, compile(`${name}.partial.html`)])),
    allowProtoMethodsByDefault: false,
    allowProtoPropertiesByDefault: false,
  };
  const styles = new Handlebars.SafeString(STYLES.map(readAsset).join('\n'));

  return (input) => template({ ...reportPage(input), styles }, runtime);
}

function readAsset(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
