import type { PurposeModel } from '@cookie-scanner/contracts';

/** A model as JSON with one feature a line, so that a difference between two models can be read. */
export function modelText({ weights, ...rest }: PurposeModel): string {
  const head = JSON.stringify(rest, null, 2).replace(/\n\}$/, '');
  const lines = Object.entries(weights).map(
    ([feature, row]) => `    ${JSON.stringify(feature)}: ${JSON.stringify(row)}`,
  );
  return `${head},\n  "weights": {\n${lines.join(',\n')}\n  }\n}\n`;
}
