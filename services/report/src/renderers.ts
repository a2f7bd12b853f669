import type { ReportFormat } from '@cookie-scanner/contracts';
import { compileHtmlReport } from './html/html-report.ts';
import { renderJsonReport } from './json-report.ts';
import type { ReportInput } from './report-input.ts';

/** One way of writing a report per format that can be downloaded; a new format does not compile without one. */
export type Renderers = Readonly<Record<ReportFormat, (input: ReportInput) => string>>;

/** Prepares every renderer, once, at start. */
export function createRenderers(): Renderers {
  return { html: compileHtmlReport(), json: renderJsonReport };
}
