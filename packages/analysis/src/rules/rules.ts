import type { Rule } from '../verdicts/rule.ts';
import { askedAgainAfterRejectRule } from './asked-again-after-reject.rule.ts';
import { cnameCloakingRule } from './cname-cloaking.rule.ts';
import { consentManagerNotInControlRule } from './consent-manager-not-in-control.rule.ts';
import { consentSignalAfterRejectRule } from './consent-signal-after-reject.rule.ts';
import { consentSignalBeforeChoiceRule } from './consent-signal-before-choice.rule.ts';
import { cookieBeforeConsentRule } from './cookie-before-consent.rule.ts';
import { cookieKeptAfterRejectRule } from './cookie-kept-after-reject.rule.ts';
import { cookieSetAfterRejectRule } from './cookie-set-after-reject.rule.ts';
import { cookieSyncRule } from './cookie-sync.rule.ts';
import { declarationDiffersRule } from './declaration-differs.rule.ts';
import { fingerprintingBeforeConsentRule } from './fingerprinting-before-consent.rule.ts';
import { formLeakRule } from './form-leak.rule.ts';
import { gpcIgnoredRule } from './gpc-ignored.rule.ts';
import { insecureSessionCookieRule } from './insecure-session-cookie.rule.ts';
import { lifetimeTooLongRule } from './lifetime-too-long.rule.ts';
import { malformedConsentStringRule } from './malformed-consent-string.rule.ts';
import { payOrOkRule } from './pay-or-ok.rule.ts';
import { preTickedPurposesRule } from './pre-ticked-purposes.rule.ts';
import { rejectHarderThanAcceptRule } from './reject-harder-than-accept.rule.ts';
import { storageAfterRejectRule } from './storage-after-reject.rule.ts';
import { storageBeforeConsentRule } from './storage-before-consent.rule.ts';
import { trackingWithoutBannerRule } from './tracking-without-banner.rule.ts';
import { unknownPurposeRule } from './unknown-purpose.rule.ts';
import { withdrawalNotHonouredRule } from './withdrawal-not-honoured.rule.ts';
import { withdrawalNotOfferedRule } from './withdrawal-not-offered.rule.ts';

/** Every rule that a site is held against, in the order in which reports list them. */
export const RULES: readonly Rule[] = [
  cookieBeforeConsentRule,
  storageBeforeConsentRule,
  trackingWithoutBannerRule,
  cookieSetAfterRejectRule,
  cookieKeptAfterRejectRule,
  storageAfterRejectRule,
  gpcIgnoredRule,
  consentSignalBeforeChoiceRule,
  consentSignalAfterRejectRule,
  malformedConsentStringRule,
  rejectHarderThanAcceptRule,
  preTickedPurposesRule,
  payOrOkRule,
  askedAgainAfterRejectRule,
  withdrawalNotOfferedRule,
  withdrawalNotHonouredRule,
  consentManagerNotInControlRule,
  declarationDiffersRule,
  fingerprintingBeforeConsentRule,
  cookieSyncRule,
  formLeakRule,
  cnameCloakingRule,
  lifetimeTooLongRule,
  insecureSessionCookieRule,
  unknownPurposeRule,
];
