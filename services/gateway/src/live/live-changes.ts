import type { LiveMember, LiveServerMessage } from '@cookie-scanner/contracts';

/** Members as they were told, by connection: each as the JSON text that says so. */
export type ToldMembers = ReadonlyMap<string, string>;

/** Members in the form in which they are compared. */
export function asTold(members: readonly LiveMember[]): ToldMembers {
  return new Map(members.map((member) => [member.connectionId, JSON.stringify(member)]));
}

/** What is different from what was told; null when nothing is. */
export function liveChanges(
  told: ToldMembers,
  members: readonly LiveMember[],
): Extract<LiveServerMessage, { type: 'changes' }> | null {
  const now = asTold(members);
  const present = members.filter(({ connectionId }) => told.get(connectionId) !== now.get(connectionId));
  const gone = [...told.keys()].filter((connectionId) => !now.has(connectionId));
  return present.length + gone.length === 0 ? null : { type: 'changes', present, gone };
}
