import { counted, reaches, visibleText } from '@cookie-scanner/analysis';
import type { AppliedApproval, BaselineJudgement, CookieFacts } from '@cookie-scanner/contracts';

type Deviation = BaselineJudgement['cookies'][number] | BaselineJudgement['findings'][number];

/** How a scan stands against its baseline, for people: what is new and counts, who set it, and how to answer for it. */
export function baselineText(judgement: BaselineJudgement, path: string): string {
  const counting = countingDeviations(judgement);
  const approved = [...judgement.cookies, ...judgement.findings].filter(({ state }) => state === 'approved');
  const { cookies: goneCookies, findings: goneFindings } = judgement.gone;
  return [
    headline(judgement, path),
    ...counting.flatMap(deviationLines),
    ...(counting.length > 0
      ? [
          `To answer for one, add to "approvals" in ${path}, with a subject as above:`,
          '  {"subject": …, "owner": "who answers for it", "reason": "why", "expiresAt": "2030-12-31T00:00:00Z"}',
        ]
      : []),
    ...(approved.length > 0 ? [`${counted(approved.length, 'more deviation')} approved.`] : []),
    ...(goneCookies.length + goneFindings.length > 0
      ? [
          `Gone since then: ${counted(goneCookies.length, 'cookie')} and ${counted(goneFindings.length, 'finding')}; ` +
            '--save-baseline makes that the new state.',
        ]
      : []),
  ].join('\n');
}

/** Deviations that decide about the exit code. */
function countingDeviations({ cookies, findings, failOn }: BaselineJudgement): Deviation[] {
  return [...cookies, ...findings.filter(({ finding }) => reaches(finding.severity, failOn))].filter(
    ({ state }) => state !== 'approved',
  );
}

function headline(judgement: BaselineJudgement, path: string): string {
  if (judgement.isInOrder) return `Nothing is there that ${path} does not have or nobody answers for.`;
  const counting = countingDeviations(judgement);
  const cookieCount = counting.filter((one) => 'cookie' in one).length;
  const what = [
    ...(cookieCount > 0 ? [counted(cookieCount, 'cookie')] : []),
    ...(counting.length > cookieCount ? [counted(counting.length - cookieCount, 'finding')] : []),
  ].join(' and ');
  return `Not in ${path}: ${what}.`;
}

function deviationLines(deviation: Deviation): string[] {
  const { subject, state, approval } = deviation;
  return [
    'cookie' in deviation
      ? `  new cookie ${cookieText(deviation.cookie)}`
      : `  new finding (${deviation.finding.severity}): ${visibleText(deviation.finding.title)}`,
    ...('cookie' in deviation && deviation.cookie.setterChain.length > 0
      ? [`    set by ${visibleText(deviation.cookie.setterChain.join(' → '))}`]
      : []),
    ...(state === 'expired' && approval !== null ? [`    ${expiredText(approval)}`] : []),
    `    subject: ${visibleText(JSON.stringify(subject))}`,
  ];
}

function cookieText({ name, domain, party, category }: CookieFacts): string {
  const what = category === 'unclassified' ? 'of unknown purpose' : category;
  return visibleText(`${name} of ${domain}: ${what}, ${party}-party`);
}

function expiredText({ owner, reason, expiresAt }: AppliedApproval): string {
  return visibleText(
    `approved until ${expiresAt?.slice(0, 10) ?? 'ever'} by ${owner}: ${reason.replaceAll('\n', ' ')}`,
  );
}
