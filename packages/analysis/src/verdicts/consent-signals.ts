import type { ConsentModeSignal, ConsentRun, GppSignal, TcfSignal } from '@cookie-scanner/contracts';

/** What a consent signal says that it must not, with when it was met. */
export interface OverreachingSignal {
  /** Stable, for the subject of a finding. */
  readonly kind: 'tcf' | 'gpp' | 'consent-mode';
  /** What it says, as the end of a sentence that begins with the name of the signal. */
  readonly says: string;
  readonly atMs: number;
  readonly facts: readonly string[];
}

/** Fields of GPP sections whose value 2 says that the visitor did not opt out. @see IAB GPP, section encoding */
const OPT_OUT_FIELDS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'];
const DID_NOT_OPT_OUT = 2;

/** The last word of each kind of signal in a span of a run, where it claims consent that nobody gave. */
export function consentClaims(
  run: ConsentRun,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): OverreachingSignal[] {
  const within = <T extends { readonly atMs: number }>(signals: readonly T[]): T[] =>
    signals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).toSorted((a, b) => a.atMs - b.atMs);
  return [tcfClaim(within(run.tcf)), modeClaim(within(run.consentMode))].filter((claim) => claim !== null);
}

/** The last GPP signal of a span that says "did not opt out"; null where there is none. */
export function gppClaim(run: ConsentRun, fromMs: number): OverreachingSignal | null {
  const last = run.gpp
    .filter(({ atMs, malformed }) => atMs >= fromMs && !malformed)
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1);
  const fields = last ? notOptedOut(last) : [];
  if (!last || fields.length === 0) return null;
  return { kind: 'gpp', says: `says that the visitor did not opt out`, atMs: last.atMs, facts: fields };
}

function tcfClaim(signals: readonly TcfSignal[]): OverreachingSignal | null {
  const last = signals.filter(({ malformed }) => !malformed).at(-1);
  if (!last || last.gdprApplies === false) return null;
  const { purposeConsents, vendorConsentCount } = last;
  if (purposeConsents.length === 0 && vendorConsentCount === 0) return null;
  return {
    kind: 'tcf',
    says: `claims consent to ${purposeConsents.length} purposes and ${vendorConsentCount} vendors`,
    atMs: last.atMs,
    facts: [
      `Purposes with consent, by the IAB’s numbers: ${purposeConsents.join(', ') || 'none'}`,
      `Vendors with consent: ${vendorConsentCount}`,
    ],
  };
}

/** Of Google Consent Mode: what was last declared, and what tags sent since. */
function modeClaim(signals: readonly ConsentModeSignal[]): OverreachingSignal | null {
  const state = new Map<string, 'granted' | 'denied'>();
  let atMs = 0;
  for (const signal of signals) {
    for (const [type, value] of Object.entries(signal.values)) state.set(type, value);
    atMs = signal.atMs;
  }
  const granted = [...state]
    .filter(([type, value]) => value === 'granted' && !/^(security|functionality)_/.test(type))
    .map(([type]) => type);
  if (granted.length === 0) return null;
  return {
    kind: 'consent-mode',
    says: `says “granted” for ${granted.toSorted().join(', ')}`,
    atMs,
    facts: signals.slice(-5).map(
      ({ command, values }) =>
        `${command}: ${Object.entries(values)
          .map(([type, value]) => `${type} ${value}`)
          .join(', ')}`,
    ),
  };
}

function notOptedOut({ sections }: GppSignal): string[] {
  return Object.entries(sections).flatMap(([section, fields]) =>
    OPT_OUT_FIELDS.filter((field) => fields[field] === DID_NOT_OPT_OUT).map(
      (field) => `${section}: ${field} is 2 (did not opt out)`,
    ),
  );
}

/** Names of the signals, as people know them. */
export const SIGNAL_NAMES = {
  tcf: 'The TCF consent string',
  gpp: 'The GPP string',
  'consent-mode': 'Google Consent Mode',
} as const;
