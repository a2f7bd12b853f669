/** Ways a message can take. */
export type NotificationChannel = 'in_app' | 'email';

/** Where a message stands. A failed one may still be sent by a later attempt. */
export type NotificationState = 'pending' | 'sent' | 'failed';
