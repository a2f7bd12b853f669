export {
  fingerprintingTechniques,
  type FingerprintingScript,
  type FingerprintingTechnique,
} from './fingerprinting-techniques.ts';
export { counted, durationText } from './duration-text.ts';
export type { CookieSummary, ObservationSummary } from './observation-summary.ts';
export type { QualityWarning } from './quality-warnings.ts';
export { scanHeadline } from './scan-headline.ts';
export { setterChainText, type SetterChain } from './setter-chain.ts';
export { summariseObservation } from './summarise-observation.ts';
export { clipText, visiblePieces, visibleText } from './visible-text.ts';
export { addressesOf, type ObservedAddress } from './classification/addresses.ts';
export {
  classifyCookies,
  classifyStorage,
  classifyTransientCookies,
  type ClassifiedCookie,
  type ClassifiedStorageItem,
} from './classification/classify-cookies.ts';
export type { ClassifyOptions } from './classification/classifier.ts';
export { cookieIdentity, isIdentifier, type CookieIdentity } from './identity/cookie-identity.ts';
export { categoryProbabilities, type PurposeWeights } from './purpose-model/category-probabilities.ts';
export { purposeFeatures, type PurposeFacts } from './purpose-model/purpose-features.ts';
export { analyseObservation, type Analysis } from './analyse-observation.ts';
export { CATEGORY_WORDS } from './category-text.ts';
export { diffScans, isUnchanged } from './diff/diff-scans.ts';
export { baselineContent, judgeAgainstBaseline } from './diff/judge-against-baseline.ts';
export { findingKey, openFindings, type ObservedFinding } from './diff/observed-finding.ts';
export { classifiedScan, type ClassifiedScan } from './diff/classified-scan.ts';
export { RULES } from './rules/rules.ts';
export type { Judgement, RuleCheck, SiteMetrics } from './verdicts/judge-site.ts';
export { verdictHeadline } from './verdicts/verdict-headline.ts';
export type { Rule } from './verdicts/rule.ts';
export { reaches, SEVERITIES } from './verdicts/severity.ts';
