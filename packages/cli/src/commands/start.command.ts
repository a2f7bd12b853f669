import { EXIT_CODES, useLocalStack } from '@cookie-scanner/local-stack';
import { once } from 'node:events';
import type { CommandContext } from '../command-context.ts';
import { tellFirstAdmin } from '../result/first-admin-text.ts';
import { liveStatus } from '../terminal/live-status.ts';

/**
 * Runs the platform until the user stops it, which is the ordinary end of this command.
 *
 * @returns exit code
 * @throws the interruption when it came before the platform was up
 */
export async function startCommand({
  rootDir,
  dataDir,
  environment,
  terminal,
  interruptions,
}: CommandContext): Promise<number> {
  const status = liveStatus(terminal);
  let isUp = false;
  try {
    const stack = await useLocalStack({
      purpose: 'start',
      rootDir,
      dataDir,
      environment,
      // Once it is up, what it says are events to keep, such as a service that was restarted.
      onProgress: (phrase) => (isUp ? status.note(phrase) : status.show(phrase)),
      signal: interruptions.first,
    });
    try {
      isUp = true;
      status.clear();
      tellFirstAdmin(stack, terminal);
      await terminal.out(addressText(stack.gatewayUrl, stack.addresses));
      if (!interruptions.first.aborted) await once(interruptions.first, 'abort');
      isUp = false;
      status.show('Stopping the platform (Ctrl-C again to hurry)');
    } finally {
      await stack.release(interruptions.second);
    }
    return EXIT_CODES.ok;
  } finally {
    status.clear();
  }
}

function addressText(gatewayUrl: string, addresses: readonly { name: string; url: string }[]): string {
  const lines = [
    ['API', `${gatewayUrl}/api/v1`],
    ['API description', `${gatewayUrl}/api/v1/openapi.json`],
    ['Queues', `${gatewayUrl}/admin/queues`],
    ...addresses.map(({ name, url }) => [`Health of ${name}`, `${url}/health/ready`]),
  ];
  const width = Math.max(...lines.map(([label]) => label?.length ?? 0));
  return [
    'The platform is running. Stop it with Ctrl-C.',
    ...lines.map(([label, url]) => `  ${(label ?? '').padEnd(width)}  ${url}`),
    'Logs are in .cookie-scanner/logs.',
    '',
  ].join('\n');
}
