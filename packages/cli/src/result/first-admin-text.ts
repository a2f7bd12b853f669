import type { StackUse } from '@cookie-scanner/local-stack';
import type { Terminal } from '../terminal/terminal.ts';

/** Says once how to sign in, when the platform was set up just now. On standard error: results stay alone. */
export function tellFirstAdmin({ firstAdmin }: Pick<StackUse, 'firstAdmin'>, terminal: Terminal): void {
  if (!firstAdmin) return;
  terminal.err(
    [
      'The first account was opened. Keep its password: it is shown only now.',
      `  Mail address  ${firstAdmin.email}`,
      `  Password      ${firstAdmin.password}`,
      '',
    ].join('\n'),
  );
}
