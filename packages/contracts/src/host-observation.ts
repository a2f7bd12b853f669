import { z } from 'zod';
import { cookiePartySchema } from './party.ts';

/** How the last attempt to reach a host ended; `not_asked` where no connection to it was ever wanted. */
export const hostOutcomeSchema = z.enum([
  'connected',
  'connect_failed',
  'connect_timeout',
  'not_found',
  'dns_error',
  'address_not_allowed',
  'port_not_allowed',
  'host_not_allowed',
  'limit_reached',
  'not_asked',
]);
export type HostOutcome = z.infer<typeof hostOutcomeSchema>;

/** One host that the site had something to do with. */
export const hostObservationSchema = z.object({
  /** Name or IP address, without a port. */
  host: z.string(),
  party: cookiePartySchema,
  /** Requests to it, redirect hops and WebSocket handshakes included; 0 where the browser only connected ahead. */
  requests: z.number().int().min(0),
  /** Address that was connected to; null when none was. */
  address: z.string().nullable(),
  /** Names it is an alias (CNAME) of, in order; empty where there is none or none was told. */
  cnames: z.array(z.string()),
  outcome: hostOutcomeSchema,
  /** What the name server answered where that is the cause, such as `servfail` or `timeout`; null otherwise. */
  detail: z.string().nullable(),
});
export type HostObservation = z.infer<typeof hostObservationSchema>;
