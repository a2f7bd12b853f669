import { counted, visibleText } from '@cookie-scanner/analysis';
import type { JudgedLine, KnowledgeChange } from './judged-line.ts';

/** Changes that are named; the output has them all. */
const NAMED_MAX = 10;

/** What a run of `reanalyse` comes to. */
export interface ReanalysisSummary {
  add(line: JudgedLine): void;
  /** A few words while it runs. */
  progress(): string;
  /** Some lines at its end. */
  text(): string;
}

/** Counts what was judged and what only our knowledge changed. */
export function reanalysisSummary(): ReanalysisSummary {
  let sites = 0;
  let findings = 0;
  let changedSites = 0;
  const changes: KnowledgeChange[] = [];
  let changeCount = 0;
  return {
    add(line) {
      sites += 1;
      findings += line.findings.length;
      if (line.knowledgeChanged.length > 0) changedSites += 1;
      changeCount += line.knowledgeChanged.length;
      changes.push(...line.knowledgeChanged.slice(0, NAMED_MAX - changes.length));
    },
    progress: () => `Judged ${counted(sites, 'scan')}, ${counted(findings, 'finding')}`,
    text() {
      const judged = `Judged ${counted(sites, 'scan')} again: ${counted(findings, 'finding')}.`;
      if (changeCount === 0) return `${judged}\nOur knowledge changed nothing about their cookies.\n`;
      const where = `${counted(changeCount, 'cookie')} on ${counted(changedSites, 'site')}`;
      const more = changeCount - changes.length;
      return [
        judged,
        `Our knowledge changed, not the sites: ${where}`,
        ...changes.map(
          ({ name, domain, before, after }) =>
            `  ${visibleText(name)} (${visibleText(domain)}): ${before} → ${after}`,
        ),
        ...(more > 0 ? [`  and ${more} more`] : []),
        '',
      ].join('\n');
    },
  };
}
