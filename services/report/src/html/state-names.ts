import type { ConsentState } from '@cookie-scanner/contracts';

/** Consent states in words: as a heading of a column, and as where something was seen. */
export const STATE_NAMES: Readonly<Record<ConsentState, { readonly title: string; readonly seen: string }>> =
  {
    untouched: { title: 'Nothing chosen', seen: 'before anything was chosen' },
    reject: { title: 'Refused', seen: 'after refusing' },
    accept: { title: 'Accepted', seen: 'after accepting' },
    gpc: { title: 'Privacy signal', seen: 'with Global Privacy Control' },
    gpc_reject: { title: 'Signal and refused', seen: 'with Global Privacy Control, after refusing' },
  };

/** The order in which people compare them. */
export const STATE_ORDER: readonly ConsentState[] = ['untouched', 'reject', 'accept', 'gpc', 'gpc_reject'];
