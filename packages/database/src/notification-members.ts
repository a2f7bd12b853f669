import type { NotificationEvent } from '@cookie-scanner/contracts';
import type { DatabaseAccess } from './open-database.ts';
import { toPostgresText } from './postgres-text.ts';

/** What members of a scan's workspace are told about it. */
export interface MemberNotice {
  eventId: string;
  event: NotificationEvent;
  scanId: string;
  subject: string;
  body: string;
}

/** A member of a workspace who asked for mails about an event. */
export interface MailedMember {
  userId: string;
  email: string;
}

/** Leaves a notice for every active member of a scan's workspace who did not choose otherwise; returns how many are new. */
export function tellMembers(
  access: DatabaseAccess,
  { eventId, event, scanId, subject, body }: MemberNotice,
): Promise<number> {
  return access.query(
    (prisma) => prisma.$executeRaw`
      INSERT INTO notifications
        (event_id, event, scan_id, channel, recipient, subject, body, state, sent_at, workspace_id, user_id)
      SELECT ${eventId}::uuid, ${event}::notification_event, scan.id, 'in_app', person.id::text, ${toPostgresText(subject)},
             ${toPostgresText(body)}, 'sent', now(), scan.workspace_id, person.id
        FROM scan_results AS scan
        JOIN workspace_members AS member ON member.workspace_id = scan.workspace_id
        JOIN users AS person ON person.id = member.user_id AND person.state = 'active'
        LEFT JOIN notification_preferences AS choice
          ON choice.user_id = person.id AND choice.event = ${event}::notification_event AND choice.channel = 'in_app'
       WHERE scan.id = ${scanId}::uuid AND coalesce(choice.is_enabled, true)
      ON CONFLICT (event_id, channel, recipient) DO NOTHING`,
  );
}

/** Active members of a scan's workspace who asked for mails about this event, in the order of their addresses. */
export function mailedMembers(
  access: DatabaseAccess,
  { event, scanId }: { event: NotificationEvent; scanId: string },
): Promise<MailedMember[]> {
  return access.query(
    (prisma) => prisma.$queryRaw<MailedMember[]>`
      SELECT person.id AS "userId", person.email
        FROM scan_results AS scan
        JOIN workspace_members AS member ON member.workspace_id = scan.workspace_id
        JOIN users AS person ON person.id = member.user_id AND person.state = 'active'
        JOIN notification_preferences AS choice
          ON choice.user_id = person.id AND choice.event = ${event}::notification_event AND choice.channel = 'email'
       WHERE scan.id = ${scanId}::uuid AND choice.is_enabled
       ORDER BY person.email`,
  );
}
