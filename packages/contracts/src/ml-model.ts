import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { nameSchema, semanticVersionSchema, sha256Schema } from './text.ts';

/** What a model does. */
export const mlModelKindSchema = z.enum(['cookie_classifier', 'anomaly_detector']);
export type MlModelKind = z.infer<typeof mlModelKindSchema>;

/** How a model is stored. Formats that can carry code are refused. */
export const mlModelFormatSchema = z.enum(['json', 'onnx']);
export type MlModelFormat = z.infer<typeof mlModelFormatSchema>;

/** Where a model stands; at most one of each kind is active. */
export const mlModelStateSchema = z.enum(['candidate', 'active', 'retired']);
export type MlModelState = z.infer<typeof mlModelStateSchema>;

const ARTIFACT_SIZE_BYTES_MAX = 256 * 1_024 * 1_024;

/** Measured quality by measure, such as `accuracy` or `macroF1`: 0 to 1. */
export const modelQualitySchema = z.record(
  z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/),
  z.number().min(0).max(1),
);
export type ModelQuality = z.infer<typeof modelQualitySchema>;

const description = {
  name: nameSchema,
  version: semanticVersionSchema,
  kind: mlModelKindSchema,
  format: mlModelFormatSchema,
  /** Hash of the data that the model learned from. */
  trainingDataSha256: sha256Schema,
  /** Hash of the model's own file. */
  sha256: sha256Schema,
  sizeBytes: z.number().int().min(1).max(ARTIFACT_SIZE_BYTES_MAX),
  quality: modelQualitySchema,
};

/** One version of one model. */
export const mlModelSchema = z.object({
  id: idSchema,
  ...description,
  state: mlModelStateSchema,
  ...rowTimes,
});
export type MlModel = z.infer<typeof mlModelSchema>;

/** What is said about a model's file when it is handed in; it begins as a candidate. */
export const mlModelCreateSchema = z.strictObject(description);
export type MlModelCreate = z.infer<typeof mlModelCreateSchema>;
