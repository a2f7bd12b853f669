import { z } from 'zod';
import { cookieClassificationSchema } from './classification.ts';
import { idSchema } from './id.ts';
import { storageKindSchema } from './observation.ts';
import { setterSchema } from './setter.ts';

/** One entry of client-side storage of one scan, as the API shows it. It never carries the value. */
export const storageItemSchema = z.object({
  id: idSchema,
  kind: storageKindSchema,
  origin: z.string(),
  /** Key of Web Storage; name of the database, cache, bucket or file otherwise. */
  key: z.string(),
  sizeBytes: z.number().int().min(0),
  setBy: setterSchema,
  /** What it is for; null until the scan was analysed. */
  classification: cookieClassificationSchema.nullable(),
});
export type StorageItem = z.infer<typeof storageItemSchema>;

/** A page of storage items. `nextCursor` is null on the last one. */
export const storageItemPageSchema = z.object({
  items: z.array(storageItemSchema),
  nextCursor: z.string().nullable(),
});
export type StorageItemPage = z.infer<typeof storageItemPageSchema>;
