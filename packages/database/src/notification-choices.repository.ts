import {
  chosenChannelSchema,
  chosenEventSchema,
  type ChosenChannel,
  type NotificationChoices,
  type NotificationChoicesUpdate,
} from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { databaseAccess, type Database } from './open-database.ts';

/** Channels over which people hear of an event when they said nothing: mails are asked for, not sent unasked. */
const DEFAULT_CHANNELS: readonly ChosenChannel[] = ['in_app'];

/** How people want to hear of events. */
export interface NotificationChoicesRepository {
  /** The choices of somebody, with the platform's defaults where they made none. */
  of(userId: string): Promise<NotificationChoices>;
  /** Puts these choices in the place of all that were made before, and records it. */
  replace(userId: string, update: NotificationChoicesUpdate, by: AuditActor): Promise<NotificationChoices>;
}

/** The choices kept in a database. */
export function notificationChoicesRepository(database: Database): NotificationChoicesRepository {
  const access = databaseAccess(database);
  return {
    of: (userId) => access.query((prisma) => choicesOf(prisma, userId)),
    replace: (userId, { choices }, by) =>
      access.transaction(async (tx) => {
        const before = await choicesOf(tx, userId);
        await tx.notificationPreference.deleteMany({ where: { userId } });
        const data = chosenEventSchema.options.flatMap((event) => {
          const wanted = choices[event]?.channels;
          if (wanted === undefined) return [];
          return chosenChannelSchema.options.map((channel) => ({
            ...{ userId, event, channel, isEnabled: wanted.includes(channel) },
          }));
        });
        await tx.notificationPreference.createMany({ data });
        const after = await choicesOf(tx, userId);
        const target = { targetType: 'user', targetId: userId };
        await writeAudit(tx, { ...by, action: 'user.choose_notifications', ...target, before, after });
        return after;
      }),
  };
}

async function choicesOf(tx: Prisma.TransactionClient, userId: string): Promise<NotificationChoices> {
  const rows = await tx.notificationPreference.findMany({ where: { userId } });
  const channelsOf = (event: string): ChosenChannel[] =>
    chosenChannelSchema.options.filter((channel) => {
      const row = rows.find((each) => each.event === event && each.channel === channel);
      return row?.isEnabled ?? DEFAULT_CHANNELS.includes(channel);
    });
  const entries = chosenEventSchema.options.map((event) => [event, { channels: channelsOf(event) }] as const);
  return { choices: Object.fromEntries(entries) as NotificationChoices['choices'] };
}
