import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { documented } from '../setting.ts';

/** Where events go for other systems. Without `RABBITMQ_URL` they go nowhere. */
export const eventsConfig = guarded(
  z.object({
    ...productionSettings,
    RABBITMQ_URL: documented(
      z
        .url({ protocol: /^amqps?$/, error: 'must be a URL such as amqp://user:password@host:5672' })
        .nullable()
        .default(null),
      'RabbitMQ server that events are published to for other systems. Without it there are none.',
      { example: 'amqp://user:password@127.0.0.1:5672', isUnread: true },
    ),
    RABBITMQ_EXCHANGE: documented(
      z
        .string()
        .regex(/^[\w.:-]{1,255}$/, 'must be letters, digits and . _ - : only')
        .default('cookie-scanner.events'),
      'Topic exchange that events are published to.',
      { isUnread: true },
    ),
  }),
).transform((env) => ({ rabbitmqUrl: env.RABBITMQ_URL, rabbitmqExchange: env.RABBITMQ_EXCHANGE }));
