import { z } from 'zod';
import { idSchema } from './id.ts';
import { userRoleSchema } from './user.ts';

/** A path of ours, without host, query and fragment; nothing that a page could take for markup or for a script. */
const placePathSchema = z
  .string()
  .max(200)
  .regex(/^\/(?!\/)[\w\-./~%]*$/, 'write a path such as /scans');

/** A share of the width or height of the element, else of the page: 0 is left or top, 1 right or bottom. */
const shareSchema = z.number().min(0).max(1);

/** Where in a workspace somebody is: a path of ours, what they point at there, and where on it. */
export const liveCursorSchema = z
  .strictObject({
    path: placePathSchema,
    /** A name that the client gave to a part of its page, such as `row-7`. */
    element: z
      .string()
      .regex(/^[\w.:-]{1,100}$/, 'write letters, digits and _ . : -')
      .optional(),
    x: shareSchema.optional(),
    y: shareSchema.optional(),
  })
  .refine(({ x, y }) => (x === undefined) === (y === undefined), 'x and y belong together');
export type LiveCursor = z.infer<typeof liveCursorSchema>;

/** What a client says: where its window is; null for nowhere in particular. Who says it, the connection knows. */
export const liveClientMessageSchema = z.strictObject({
  type: z.literal('cursor'),
  cursor: liveCursorSchema.nullable(),
});
export type LiveClientMessage = z.infer<typeof liveClientMessageSchema>;

/** Somebody in a workspace, once for each window they have open. */
export const liveMemberSchema = z.object({
  connectionId: idSchema,
  userId: idSchema,
  cursor: liveCursorSchema.nullable(),
});
export type LiveMember = z.infer<typeof liveMemberSchema>;

/** What the server says: first who one is and who is there, then what changed of it. */
export const liveServerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), connectionId: idSchema, workspaceId: idSchema }),
  z.object({ type: z.literal('members'), members: z.array(liveMemberSchema) }),
  z.object({
    type: z.literal('changes'),
    /** Who came, and who is elsewhere now. */
    present: z.array(liveMemberSchema),
    /** Connections that are there no more. */
    gone: z.array(idSchema),
  }),
]);
export type LiveServerMessage = z.infer<typeof liveServerMessageSchema>;

/** Leave to open one live connection. */
export const liveTicketSchema = z.object({
  /** Offered as a subprotocol, beside `cookie-scanner`. */
  ticket: z.string(),
  /** Path of the connection. */
  path: z.string(),
  expiresInSeconds: z.number().int().min(1),
});
export type LiveTicket = z.infer<typeof liveTicketSchema>;

/** What a ticket stands for: somebody in one workspace, by one login, in the role of that moment. */
export const liveAdmissionSchema = z.object({
  userId: idSchema,
  sessionId: idSchema,
  workspaceId: idSchema,
  role: userRoleSchema,
});
export type LiveAdmission = z.infer<typeof liveAdmissionSchema>;
