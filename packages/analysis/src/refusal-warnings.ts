import type { RefusedConnection } from '@cookie-scanner/contracts';
import { counted } from './duration-text.ts';
import { byKeys } from './sort-order.ts';

/** What a refusal by the egress gateway means to a reader, by the gateway's reason. */
const REFUSALS: ReadonlyMap<string, { level: 'gap' | 'note'; text: string }> = new Map(
  Object.entries({
    address_not_allowed: {
      level: 'note',
      text: 'The page tried to reach private or reserved addresses. These connections were refused.',
    },
    port_not_allowed: {
      level: 'note',
      text: 'The page tried to reach ports that a scan must not use. These connections were refused.',
    },
    host_not_allowed: {
      level: 'note',
      text: 'The page tried to reach something that is not the name of a host. These connections were refused.',
    },
    limit_reached: {
      level: 'gap',
      text: 'The page opened more connections than a scan allows. What came after is missing.',
    },
  }),
);

/** Warnings about connections that did not get out, one per reason, each with its hosts. */
export function refusalWarnings(
  refused: readonly RefusedConnection[],
): { code: string; level: 'gap' | 'note'; text: string; items: string[] }[] {
  const byReason = Map.groupBy(refused, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, connections]) => {
      const known = REFUSALS.get(reason);
      const text = `Connections of the page were refused: ${reason.replaceAll('_', ' ')}.`;
      return {
        code: `refused_${reason}`,
        level: known?.level ?? ('note' as const),
        text: known?.text ?? text,
        items: connections.toSorted(byKeys(({ host, port }) => [host, port])).map(connectionText),
      };
    })
    .sort(byKeys(({ code }) => [code]));
}

function connectionText({ host, port, count }: RefusedConnection): string {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${bracketed}:${port}, ${count === 1 ? 'once' : counted(count, 'time')}`;
}
