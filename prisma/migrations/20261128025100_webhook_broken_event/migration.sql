-- The platform gave up on a webhook.
ALTER TYPE notification_event ADD VALUE 'webhook_broken';
