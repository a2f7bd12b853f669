import { RULES } from '@cookie-scanner/analysis';
import type { Finding, Severity } from '@cookie-scanner/contracts';

/** What a code host makes of a severity; `security-severity` is how it ranks and colours it. */
const LEVELS: Readonly<
  Record<Severity, { readonly level: 'error' | 'warning' | 'note'; readonly rank: string }>
> = {
  critical: { level: 'error', rank: '9.5' },
  high: { level: 'error', rank: '8.0' },
  medium: { level: 'warning', rank: '5.5' },
  low: { level: 'note', rank: '3.0' },
  info: { level: 'note', rank: '0.0' },
};

/** What the log says beside the findings. */
export interface SarifContext {
  /** The site; every finding is located there, because a scan knows no files. */
  readonly siteUrl: string;
  readonly knowledgeVersion: string | null;
  /** ISO 8601; when the scan began and ended. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/**
 * Findings as a SARIF log for code hosts. A finding that people closed is there as suppressed.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(findings: readonly Finding[], context: SarifContext): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...driver(context), rules: RULES.map(sarifRule) } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation(context)],
        results: findings.map((finding) => result(finding, context.siteUrl)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function driver({ knowledgeVersion }: SarifContext): object {
  return {
    name: 'Cookie Scanner',
    ...(knowledgeVersion === null ? {} : { properties: { knowledgeVersion } }),
  };
}

function sarifRule({ id, name, why, severity, inOrder, legalSources }: (typeof RULES)[number]): object {
  return {
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${name}.` },
    fullDescription: { text: why },
    help: { text: `${why}\n\nIn order: ${inOrder}\n\nLegal sources: ${legalSources.join('; ')}.` },
    defaultConfiguration: { level: LEVELS[severity].level },
    properties: { tags: ['privacy', 'cookies'], 'security-severity': LEVELS[severity].rank },
  };
}

function invocation({ startedAt, finishedAt }: SarifContext): object {
  return {
    executionSuccessful: true,
    ...(startedAt === null ? {} : { startTimeUtc: startedAt }),
    ...(finishedAt === null ? {} : { endTimeUtc: finishedAt }),
  };
}

function result(finding: Finding, siteUrl: string): object {
  const { ruleId, title, advice, explanation, evidence, severity, confidence, subject, state, stateReason } =
    finding;
  const chain = evidence.setterChain.length > 0 ? [`Set by: ${evidence.setterChain.join(' → ')}`] : [];
  return {
    ruleId,
    ruleIndex: RULES.findIndex(({ id }) => id === ruleId),
    level: LEVELS[severity].level,
    message: { text: [`${title}.`, ...chain, `What to do: ${advice}`, explanation].join('\n') },
    locations: [
      {
        // Code hosts refuse a location without a line.
        physicalLocation: { artifactLocation: { uri: siteUrl }, region: { startLine: 1 } },
        ...(evidence.cookieName === null
          ? {}
          : {
              logicalLocations: [
                { name: evidence.cookieName, fullyQualifiedName: subject, kind: 'variable' },
              ],
            }),
      },
    ],
    partialFingerprints: { 'ruleAndSubject/v1': `${ruleId} ${subject}` },
    properties: { severity, confidence, legalSources: finding.legalSources },
    ...(state === 'accepted' || state === 'false_positive'
      ? {
          suppressions: [
            { kind: 'external', status: 'accepted', ...(stateReason ? { justification: stateReason } : {}) },
          ],
        }
      : {}),
  };
}
