import { z } from 'zod';
import { knownCategorySchema } from './classification.ts';
import { nameSchema, semanticVersionSchema, sha256Schema } from './text.ts';

const shareSchema = z.number().min(0).max(1);

/** One weight for each category, in the order of the model's `categories`. */
const weightsSchema = z.array(z.number());

/**
 * A trained model that says how likely each category is for something nobody knows by name: multinomial logistic
 * regression over named features.
 */
export const purposeModelSchema = z.object({
  name: nameSchema,
  version: semanticVersionSchema,
  /** The order of all weights. */
  categories: z.array(knownCategorySchema).min(2),
  training: z.object({
    knowledgeVersion: z.string(),
    /** Hash of the examples, in their order, as JSON. */
    examplesSha256: sha256Schema,
    examples: z.number().int().min(1),
    /** Seed of the split and of the order of learning. */
    seed: z.number().int(),
  }),
  /** Measured on vendors that were held out, before the model was trained once more on everything. */
  quality: z.object({
    accuracy: shareSchema,
    macroF1: shareSchema,
    /** Of what is said above the thresholds: how much of everything that is, and how much of it is right. */
    answered: shareSchema,
    accuracyOfAnswered: shareSchema,
  }),
  /** Probability from which each category is said; below, the model only guesses. */
  thresholds: z.array(shareSchema),
  bias: weightsSchema,
  weights: z.record(z.string(), weightsSchema),
});
export type PurposeModel = z.infer<typeof purposeModelSchema>;
